import { expect, test } from "vitest";
import { createContextLimit } from "./context.ts";

const system = { role: "system", content: "s".repeat(100) };
/** A run of a question, a call with its result, and an answer. */
const run = (name: string, size = 300) => [
  { role: "user", content: `${name} ${"q".repeat(size)}` },
  { role: "assistant", content: "", tool_calls: [name] },
  { role: "tool", content: name },
  { role: "assistant", content: name },
];
const last = { role: "user", content: "last" };
const names = (messages: readonly { role: string; content: string }[]) =>
  messages.filter(({ role }) => role === "user").map(({ content }) => content.split(" ")[0]);

test("half of the history goes with each refusal, in whole runs, until the question alone is left", () => {
  const context = createContextLimit();
  const all = [system, ...["a", "b", "c", "d"].flatMap((name) => run(name)), last];
  const kept: (string | undefined)[][] = [];
  let messages: readonly { role: string; content: string }[] = all;
  while (context.refused(messages)) {
    messages = context.fitting(all);
    kept.push(names(messages));
    expect(messages[0]).toBe(system);
  }
  expect(kept).toEqual([["c", "d", "last"], ["d", "last"], ["last"]]);
});

test("what was accepted before is the limit after a refusal, and the next request keeps to it", () => {
  const context = createContextLimit();
  const three = [system, ...["a", "b", "c"].flatMap((name) => run(name)), last];
  context.accepted(three);
  const four = [system, ...["a", "b", "c", "d"].flatMap((name) => run(name)), last];
  expect(context.refused(four)).toBe(true);
  expect(names(context.fitting(four))).toEqual(["b", "c", "d", "last"]);
  expect(names(context.fitting([...four, ...run("e")]))).toEqual(["c", "d", "last", "e"]);
});

test("the calls of the current run stay with their results", () => {
  const context = createContextLimit();
  const current = [...run("a"), ...run("now").slice(0, 3)];
  expect(context.refused([system, ...current])).toBe(true);
  expect(context.fitting([system, ...current])).toEqual([system, ...current.slice(4)]);
});

test("a limit is forgotten after some hours, since a server may get a larger context", () => {
  let now = 0;
  const context = createContextLimit(() => now);
  const all = [system, ...run("a"), last];
  context.refused(all);
  expect(names(context.fitting(all))).toEqual(["last"]);
  now = 7 * 3_600_000;
  expect(names(context.fitting(all))).toEqual(["a", "last"]);
});

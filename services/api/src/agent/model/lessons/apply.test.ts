import { expect, test } from "vitest";
import { withLessons } from "./apply.ts";
import type { Lesson } from "./lessons.ts";

const call = (id: string, more: object = {}) => ({ id, type: "function", function: { name: "f" }, ...more });
const BODY = {
  model: "m",
  stream: true,
  temperature: 0.2,
  max_tokens: 5,
  thinking: { type: "enabled", budget: 1 },
  messages: [
    { role: "system", content: "Be brief." },
    { role: "user", content: "Hi" },
    { role: "assistant", content: "", reasoning: "r", tool_calls: [call("call_1", { extra: 1 }), call("abcDEF123")] },
    { role: "tool", tool_call_id: "call_1", content: "x" },
    { role: "tool", tool_call_id: "abcDEF123", content: "x" },
  ],
};
const after = (...lessons: Lesson[]) => withLessons(BODY, lessons) as typeof BODY & Record<string, unknown>;

test("parameters are set, dropped and renamed, also inside objects", () => {
  const body = after(
    { kind: "set", path: ["reasoning_effort"], value: "none" },
    { kind: "set", path: ["thinking", "type"], value: "disabled" },
    { kind: "drop", path: ["thinking", "budget"] },
    { kind: "drop", path: ["temperature"] },
    { kind: "rename", path: ["max_tokens"], to: "max_completion_tokens" },
  );
  const { messages: _, ...parameters } = body;
  expect(parameters).toEqual({
    model: "m",
    stream: true,
    reasoning_effort: "none",
    thinking: { type: "disabled" },
    max_completion_tokens: 5,
  });
});

test("ids get the length that a server wants, the same in call and result and in every request", () => {
  const lesson: Lesson = { kind: "call-id", length: 9 };
  const [, , asked, first, second] = after(lesson).messages;
  const ids = asked?.tool_calls?.map(({ id }) => id) ?? [];
  expect(ids).toEqual([expect.stringMatching(/^[a-zA-Z0-9]{9}$/), "abcDEF123"]);
  expect([first?.tool_call_id, second?.tool_call_id]).toEqual(ids);
  expect(after(lesson)).toEqual(after(lesson));
});

test("a field that a server refuses goes from messages and from calls", () => {
  const body = after(
    { kind: "drop-message-field", field: "reasoning" },
    { kind: "drop-message-field", field: "extra" },
  );
  expect(JSON.stringify(body)).not.toMatch(/"reasoning"|"extra"/);
});

test("reasoning that a server demands is filled in where none was kept, and kept where there is some", () => {
  const filled = after({ kind: "reasoning-field", field: "reasoning_content" }).messages[2];
  expect(filled).toMatchObject({ reasoning_content: expect.stringMatching(/./) });
  expect(after({ kind: "reasoning-field", field: "reasoning" }).messages[2]?.reasoning).toBe("r");
});

test("without a system role, its words stand before the first question", () => {
  expect(after({ kind: "no-system-role" }).messages[0]).toEqual({ role: "user", content: "Be brief.\n\nHi" });
});

import { expect, test } from "vitest";
import type { ModelEvent } from "../driver.ts";
import { createAnswerReader } from "./answer-reader.ts";

function read(chunks: object[]): ModelEvent[] {
  const reader = createAnswerReader({ messages: [], tools: [], signal: new AbortController().signal });
  return [...chunks.flatMap((value) => [...reader.read({ type: "json", value })]), ...reader.end()];
}

type Piece = { name?: unknown; arguments?: unknown };

/** The events for the pieces of one call, as they come over the wire. */
const collect = (...pieces: Piece[]) =>
  collectDeltas(...pieces.map((piece) => ({ index: 0, id: "a", function: piece })));

/** The same for pieces of several calls. */
async function collectDeltas(...deltas: { index?: number; id?: string; function: Piece }[]): Promise<ModelEvent[]> {
  const all = [
    ...deltas.map((delta) => ({ choices: [{ delta: { tool_calls: [delta] } }] })),
    { choices: [{ delta: {}, finish_reason: "tool_calls" }] },
  ];
  return read(all);
}

test.each([
  ["that go on", ["list_tasks", "_or_delete"], "list_tasks"],
  ["that are repeated with every piece", ["list_tasks", "list_tasks"], "list_tasks"],
  ["of any length", ["x".repeat(1_000_000), "x".repeat(1_000_000)], "invalid_tool_name"],
])("the tool that was announced is the tool that runs, despite names %s", async (_name, names, expected) => {
  const events = await collect(...names.map((name) => ({ name, arguments: "" })));
  expect(events).toEqual([
    { type: "call-start", id: "a", name: expected },
    { type: "done", calls: [{ id: "a", name: expected, arguments: "" }], reason: "stop" },
  ]);
});

test("pieces that are not text are ignored", async () => {
  const events = await collect(
    { name: ["list_tasks"], arguments: ["x".repeat(500_000)] },
    { name: "act", arguments: "{}" },
  );
  expect(events.at(-1)).toEqual({ type: "done", calls: [{ id: "a", name: "act", arguments: "{}" }], reason: "stop" });
});

test("endless arguments are refused", async () => {
  const pieces = Array.from({ length: 5 }, () => ({ name: "act", arguments: "x".repeat(100_000) }));
  await expect(collect(...pieces)).rejects.toThrow(/far too much/);
});

const named = (name: string, text = "") => ({ name, arguments: text });
const more = (text: string) => ({ arguments: text });

/** `add` with a title and `list` with nothing, as different providers send them. */
test.each<[string, Parameters<typeof collectDeltas>]>([
  [
    "interleaved by index, the id in the first piece only",
    [
      { index: 0, id: "a", function: named("add") },
      { index: 1, id: "b", function: named("list") },
      { index: 0, function: more('{"title":') },
      { index: 1, function: more("{}") },
      { index: 0, function: more('"a"}') },
    ],
  ],
  [
    "with another id for each further piece",
    [
      { index: 0, id: "a", function: named("add") },
      { index: 0, id: "x", function: more('{"title":"a"}') },
      { index: 1, id: "b", function: named("list") },
      { index: 1, id: "y", function: more("{}") },
    ],
  ],
  [
    "all numbered 0, told apart by their ids",
    [
      { index: 0, id: "a", function: named("add", '{"title":"a"}') },
      { index: 0, id: "b", function: named("list", "{}") },
    ],
  ],
  [
    "all numbered 0, without ids",
    [
      { index: 0, id: "", function: named("add", '{"title":"a"}') },
      { index: 0, id: "", function: named("list", "{}") },
    ],
  ],
  [
    "without numbers",
    [
      { id: "a", function: named("add") },
      { id: "a", function: more('{"title":') },
      { function: more('"a"}') },
      { id: "b", function: named("list") },
      { function: more("{}") },
    ],
  ],
  [
    "without numbers and ids",
    [{ function: named("add", '{"title":"a"}') }, { function: named("list", "{") }, { function: more("}") }],
  ],
])("parallel calls are kept apart when they come %s", async (_name, deltas) => {
  const done = (await collectDeltas(...deltas)).at(-1);
  if (done?.type !== "done") throw new Error("no end");
  expect(done.calls.map((call) => [call.name, call.arguments])).toEqual([
    ["add", '{"title":"a"}'],
    ["list", "{}"],
  ]);
  expect(new Set(done.calls.map((call) => call.id)).size).toBe(2);
});

/** A call without arguments never becomes complete JSON, so the next call is recognised by its name. */
test.each<[string, Parameters<typeof collectDeltas>]>([
  [
    "all numbered 0, without ids",
    [
      { index: 0, function: named("list") },
      { index: 0, function: named("add", '{"title":') },
      { index: 0, function: named("add", '"a"}') },
    ],
  ],
  [
    "all numbered 0, only the first with an id",
    [
      { index: 0, id: "a", function: named("list") },
      { index: 0, function: named("add") },
      { index: 0, function: more('{"title":"a"}') },
    ],
  ],
  ["without numbers and ids", [{ function: named("list") }, { function: named("add", '{"title":"a"}') }]],
])("a call without arguments does not get those of the next call when they come %s", async (_name, deltas) => {
  const done = (await collectDeltas(...deltas)).at(-1);
  if (done?.type !== "done") throw new Error("no end");
  expect(done.calls.map((call) => [call.name, call.arguments])).toEqual([
    ["list", ""],
    ["add", '{"title":"a"}'],
  ]);
});

test("a call whose unusable name is repeated with every piece stays one call", async () => {
  const deltas = ["{", "}"].map((text) => ({ index: 0, function: named("no such tool!", text) }));
  const done = (await collectDeltas(...deltas)).at(-1);
  expect(done).toMatchObject({ calls: [{ name: "invalid_tool_name", arguments: "{}" }] });
});

test("the text with which a model declines is passed on", async () => {
  const chunks = [
    { choices: [{ delta: { content: null, refusal: "I won't" } }] },
    { choices: [{ delta: {}, finish_reason: "stop" }] },
  ];
  expect(read(chunks)[0]).toEqual({ type: "text", delta: "I won't" });
});

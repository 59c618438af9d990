import type { ChatCompletionChunk } from "openai/resources/chat/completions";
import { expect, test } from "vitest";
import { collectCalls } from "./collect-calls.ts";
import type { ModelEvent } from "./messages.ts";

/** What the collector makes of pieces of tool calls, as they come over the wire. */
async function collect(...pieces: { name?: unknown; arguments?: unknown }[]): Promise<ModelEvent[]> {
  const chunks = pieces.map((piece) => ({
    choices: [{ delta: { tool_calls: [{ index: 0, id: "a", function: piece }] } }],
  }));
  const all = [
    ...chunks,
    { choices: [{ delta: {}, finish_reason: "tool_calls" }] },
  ] as unknown as ChatCompletionChunk[];
  const events: ModelEvent[] = [];
  for await (const event of collectCalls(ReadableStream.from(all))) events.push(event);
  return events;
}

test.each([
  ["that go on", ["list_tasks", "_or_delete"], "list_tasks"],
  ["that are repeated with every piece", ["list_tasks", "list_tasks"], "list_tasks"],
  ["of any length", ["x".repeat(1_000_000), "x".repeat(1_000_000)], "invalid_tool_name"],
])("the tool announced is the tool run, whatever names %s say", async (_name, names, expected) => {
  const events = await collect(...names.map((name) => ({ name, arguments: "" })));
  expect(events).toEqual([
    { type: "call-start", id: "a", name: expected },
    { type: "done", calls: [{ id: "a", name: expected, arguments: "" }], reason: "stop" },
  ]);
});

test("pieces that are no text are no part of a call", async () => {
  const events = await collect(
    { name: ["list_tasks"], arguments: ["x".repeat(500_000)] },
    { name: "act", arguments: "{}" },
  );
  expect(events.at(-1)).toEqual({ type: "done", calls: [{ id: "a", name: "act", arguments: "{}" }], reason: "stop" });
});

test("arguments without end are refused", async () => {
  const pieces = Array.from({ length: 5 }, () => ({ name: "act", arguments: "x".repeat(100_000) }));
  await expect(collect(...pieces)).rejects.toThrow(/far too much/);
});

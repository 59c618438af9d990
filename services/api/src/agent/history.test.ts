import { randomUUID } from "node:crypto";
import type { Message, MessagePart, MessageStatus } from "@taskassistant/contracts";
import { expect, test } from "vitest";
import { historyFor } from "./history.ts";

const created_at = "2026-11-22T10:00:00.000Z";
const user = (text: string): Message => ({
  id: randomUUID(),
  role: "user",
  parts: [{ type: "text", text }],
  metadata: { created_at, status: "completed" },
});
const assistant = (parts: MessagePart[], status: MessageStatus = "completed", error?: string): Message => ({
  id: randomUUID(),
  role: "assistant",
  parts,
  metadata: { created_at, status, ...(error === undefined ? {} : { error }) },
});
const text = (value: string): MessagePart => ({ type: "text", text: value });
const tool = (id: string, output: unknown): MessagePart => ({
  type: "dynamic-tool",
  toolName: "list_tasks",
  toolCallId: id,
  state: "output-available",
  input: { query: "x" },
  output,
});

test("calls and their results stay in pairs, in order, with what was said between", () => {
  const messages = historyFor([
    user("list"),
    assistant([text("Let me see."), tool("a", { n: 1 }), tool("b", { n: 2 }), text("Here they are.")]),
  ]);
  const call = (id: string) => ({ id, name: "list_tasks", arguments: '{"query":"x"}' });
  expect(messages).toEqual([
    { role: "user", content: "list" },
    { role: "assistant", content: "Let me see.", calls: [call("a")] },
    { role: "tool", callId: "a", content: '{"n":1}' },
    { role: "assistant", content: "", calls: [call("b")] },
    { role: "tool", callId: "b", content: '{"n":2}' },
    { role: "assistant", content: "Here they are.", calls: [] },
  ]);
});

test("over the budget the oldest turns go, whole", () => {
  const big = "x".repeat(400);
  const turns = [1, 2, 3].flatMap((n) => [
    user(`question ${n}`),
    assistant([tool(`call-${n}`, big), text(`answer ${n}`)]),
  ]);
  const kept = historyFor([...turns, user("now")], 1_000);
  expect(kept.filter((message) => message.role === "user").map((message) => message.content)).toEqual([
    "question 2",
    "question 3",
    "now",
  ]);
  expect(kept.filter((message) => message.role === "tool")).toHaveLength(2);
});

test("the newest turn stays, however long", () => {
  expect(historyFor([user("old"), user("x".repeat(5_000))], 100)).toEqual([
    { role: "user", content: "x".repeat(5_000) },
  ]);
});

test("what failed or was stopped is told to the model as such", () => {
  const messages = historyFor([
    user("one"),
    assistant([], "failed", "The model can't be reached."),
    user("two"),
    assistant([text("half a")], "stopped"),
    user("three"),
  ]);
  expect(messages.map((message) => message.content)).toEqual([
    "one",
    "(The model can't be reached.)",
    "two",
    "half a\n(This answer was stopped.)",
    "three",
  ]);
});

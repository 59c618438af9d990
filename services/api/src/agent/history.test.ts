import { randomUUID } from "node:crypto";
import type { Message, MessagePart, MessageStatus } from "@taskassistant/contracts";
import { expect, test } from "vitest";
import { historyFor } from "./history.ts";
import { FILTERED_QUESTION } from "./model/errors.ts";

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

/** What the model reads when the person asks "now" after these messages. */
const read = (messages: Message[], budget?: number) => {
  const now = user("now");
  return historyFor([...messages, now], { id: now.id, text: "now" }, budget === undefined ? {} : { budget }).messages;
};
const NOW = { role: "user", content: "now" };

test("calls and their results stay in pairs and in order, with the text between them", () => {
  const messages = read([
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
    NOW,
  ]);
});

test("history that exceeds the budget loses its oldest questions together with their answers", () => {
  const big = "x".repeat(400);
  const pairs = [1, 2, 3].flatMap((n) => [
    user(`question ${n}`),
    assistant([tool(`call-${n}`, big), text(`answer ${n}`)]),
  ]);
  const kept = read(pairs, 1_000);
  expect(kept.filter((message) => message.role === "user").map((message) => message.content)).toEqual([
    "question 2",
    "question 3",
    "now",
  ]);
  expect(kept.filter((message) => message.role === "tool")).toHaveLength(2);
});

test("the question stays, however long it is", () => {
  const long = user("x".repeat(5_000));
  const question = { id: long.id, text: "x".repeat(5_000) };
  expect(historyFor([user("old"), long], question, { budget: 100 }).messages).toEqual([
    { role: "user", content: question.text },
  ]);
});

test("what was asked after the question is left out", () => {
  const [first, second] = [user("add milk"), user("add eggs")];
  const asked = historyFor([first, second], { id: first.id, text: "add milk" }).messages;
  expect(asked).toEqual([{ role: "user", content: "add milk" }]);
});

test("the model learns that a question has no answer, and the roles alternate", () => {
  const messages = read([user("one"), user("two"), assistant([text("yes")])]);
  expect(messages.map((message) => message.role)).toEqual(["user", "assistant", "user", "assistant", "user"]);
  expect(messages[1]?.content).toContain("No answer is kept here");
});

/** The same answer, stored for a question. */
const to = (question: Message, answer: Message): Message => ({
  ...answer,
  metadata: { ...answer.metadata, question_id: question.id },
});

test("answers of runs that went on side by side follow their own questions, whichever ended first", () => {
  const [one, two] = [user("one"), user("two")];
  const [first, second] = [assistant([tool("a", 1), text("first")]), assistant([text("second")])];
  for (const answers of [
    [to(one, first), to(two, second)],
    [to(two, second), to(one, first)],
  ]) {
    expect(read([one, two, ...answers]).map((message) => [message.role, message.content])).toEqual([
      ["user", "one"],
      ["assistant", ""],
      ["tool", "1"],
      ["assistant", "first"],
      ["user", "two"],
      ["assistant", "second"],
      ["user", "now"],
    ]);
  }
});

test("an answer that ended after the question was asked is included, an answer to a later question is not", () => {
  const [before, now, after] = [user("before"), user("now"), user("after")];
  const answers = [to(before, assistant([text("done")])), to(after, assistant([text("later")]))];
  const asked = historyFor([before, now, after, ...answers], { id: now.id, text: "now" }).messages;
  expect(asked.map((message) => message.content)).toEqual(["before", "done", "now"]);
});

test("an answer whose question was not read from the database is not given to another question", () => {
  const [gone, one] = [user("gone"), user("one")];
  const messages = read([one, to(gone, assistant([text("of gone")])), to(one, assistant([text("of one")]))]);
  expect(messages.map((message) => message.content)).toEqual(["one", "of one", "now"]);
});

test("a question whose conversation was deleted is still asked", () => {
  expect(historyFor([], { id: randomUUID(), text: "now" }).messages).toEqual([NOW]);
});

test("the model learns which answers failed or were stopped", () => {
  const messages = read([
    user("one"),
    assistant([], "failed", "The model can't be reached."),
    user("two"),
    assistant([text("half a")], "stopped"),
  ]);
  expect(messages.map((message) => message.content)).toEqual([
    "one",
    "(The model can't be reached.)",
    "two",
    "half a\n(This answer was stopped.)",
    "now",
  ]);
});

test("a question that the provider's filter refused is left out, or every later one would be refused as well", () => {
  const messages = read([
    user("bad"),
    assistant([], "failed", FILTERED_QUESTION),
    user("good"),
    assistant([text("yes")]),
  ]);
  expect(messages).toEqual([{ role: "user", content: "good" }, { role: "assistant", content: "yes", calls: [] }, NOW]);
});

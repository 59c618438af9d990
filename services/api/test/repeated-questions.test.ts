import { randomUUID } from "node:crypto";
import { conversationSchema } from "@taskassistant/contracts";
import { runSql } from "@taskassistant/db/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { call, say, textOf } from "./harness/client.ts";
import { type Harness, startHarness, type TestUser } from "./harness/harness.ts";
import {
  calls,
  chunk,
  DONE,
  fn,
  hasAnswered,
  refusal,
  reply,
  says,
  startWireServer,
  type WireRequest,
  type WireServer,
} from "./harness/wire.ts";

const QUESTION = "add buy milk tomorrow";
const SIGNATURE = { google: { thought_signature: "CpEB…" } };
const ADD = fn("add_task", '{"title":"buy milk","due":"2026-11-27"}');
/** An answer with reasoning in the text and in a field, and a signed call. */
const SIGNED =
  chunk({ role: "assistant", content: null, reasoning_content: "I should add it." }) +
  calls({ index: 0, id: "function-call-1", extra_content: SIGNATURE, ...ADD }) +
  chunk({}, "tool_calls") +
  DONE;

let h: Harness;
let model: WireServer;
let user: TestUser;
let answer: (request: WireRequest) => ReturnType<typeof reply>;

beforeAll(async () => {
  model = await startWireServer((request) => answer(request));
  h = await startHarness({ model: { baseURL: model.url } });
});
beforeEach(async () => {
  user = await h.user(randomUUID());
  model.requests.length = 0;
});
afterAll(async () => {
  await h?.close();
  model?.close();
});

const titles = async () =>
  (await runSql(h.database.adminUrl, "select title from app.task where user_id = $1", [user.id])).rows;

test("state goes back from the database, reasoning is a part of its own, and nobody else sees the state", async () => {
  answer = (request) => reply(hasAnswered(request) ? says("<think>\nplan\n</think>\n\nAll set.") : SIGNED);
  const conversationId = randomUUID();
  const { message } = await say(h, user, QUESTION, { conversationId });
  expect(message.parts.filter(({ type }) => type === "reasoning").map((part) => "text" in part && part.text)).toEqual([
    "I should add it.",
    "\nplan\n",
  ]);
  expect(textOf(message)).toBe("All set.");

  answer = () => reply(says("done"));
  await say(h, user, "thanks", { conversationId });
  const [, , asked] = model.requests.at(-1)?.messages ?? [];
  expect(asked).toMatchObject({ reasoning_content: "I should add it.", tool_calls: [{ extra_content: SIGNATURE }] });
  expect(JSON.stringify(model.requests.at(-1))).not.toContain("plan");

  const stored = await (await call(h, user, "GET", `/api/conversations/${conversationId}`)).json();
  expect(conversationSchema.parse(stored).messages[1]?.parts.map(({ type }) => type)).toEqual([
    "reasoning",
    "dynamic-tool",
    "reasoning",
    "text",
  ]);
  expect(JSON.stringify(stored)).not.toContain("CpEB");
});

test("text that turns out to be reasoning is named in the stream and stored as reasoning", async () => {
  answer = () =>
    reply(chunk({ content: "Okay, plan.\n" }), chunk({ content: "</think>\n\nHello!" }), chunk({}, "stop"), DONE);
  const conversationId = randomUUID();
  const { message } = await say(h, user, "hello", { conversationId });
  expect(message.metadata).toMatchObject({ reasoning_texts: [0] });
  const stored = conversationSchema.parse(
    await (await call(h, user, "GET", `/api/conversations/${conversationId}`)).json(),
  );
  expect(stored.messages[1]?.parts).toEqual([
    { type: "reasoning", text: "Okay, plan.\n" },
    { type: "text", text: "Hello!" },
  ]);
});

test("asking again after a failure repeats no change, whatever the model does", async () => {
  const refused = refusal(400, [{ error: { code: 400, message: "no", status: "INVALID_ARGUMENT" } }]);
  answer = (request) => (hasAnswered(request) ? refused : reply(SIGNED));
  const conversationId = randomUUID();
  expect((await say(h, user, QUESTION, { conversationId })).message.metadata?.status).toBe("failed");
  expect((await say(h, user, QUESTION, { conversationId })).message.metadata?.status).toBe("failed");
  expect(await titles()).toHaveLength(1);
  expect(model.requests).toHaveLength(3);

  // The history is lost, so that the model makes the same call again.
  await runSql(h.database.adminUrl, "update app.message set parts = '[]' where role = 'assistant' and user_id = $1", [
    user.id,
  ]);
  answer = (request) => reply(hasAnswered(request) ? says("done") : SIGNED);
  const { message } = await say(h, user, QUESTION, { conversationId });
  expect(message.metadata?.status).toBe("completed");
  expect(String(model.requests.at(-1)?.messages.at(-1)?.content)).toContain("This was done already");
  expect(await titles()).toHaveLength(1);

  // After a completed answer the same words ask for another task.
  await say(h, user, QUESTION, { conversationId });
  expect(await titles()).toHaveLength(2);
});

test("the same change made twice in an answer is made twice, and asking again repeats neither", async () => {
  const madeBy = (request: WireRequest) => {
    const asked = request.messages.findLastIndex(({ role }) => role === "user");
    return request.messages.slice(asked).filter(({ role }) => role === "tool").length;
  };
  const add = (id: string) => reply(calls({ index: 0, id, ...ADD }) + chunk({}, "tool_calls") + DONE);
  answer = (request) => {
    const made = madeBy(request);
    return made < 2 ? add(`call-${made}`) : refusal(400, [{ error: { code: 400, message: "no" } }]);
  };
  const conversationId = randomUUID();
  await say(h, user, "add buy milk twice", { conversationId });
  expect(await titles()).toHaveLength(2);
  // The history is lost, so that the model makes both calls again.
  await runSql(h.database.adminUrl, "update app.message set parts = '[]' where role = 'assistant' and user_id = $1", [
    user.id,
  ]);
  await say(h, user, "add buy milk twice", { conversationId });
  expect(madeBy(model.requests.at(-1)!)).toBe(2);
  expect(await titles()).toHaveLength(2);
});

import { randomUUID } from "node:crypto";
import { conversationListSchema, conversationSchema, taskPageSchema } from "@taskassistant/contracts";
import { recordStatements, unscoped } from "@taskassistant/db/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { call, say, textOf } from "./harness/client.ts";
import { type Harness, startHarness, type TestUser } from "./harness/harness.ts";
import { playing, toolCall } from "./harness/model-scripts.ts";

let h: Harness;
let anna: TestUser;
let ben: TestUser;

beforeAll(async () => {
  h = await startHarness();
  [anna, ben] = await Promise.all([h.user("anna"), h.user("ben")]);
});
afterAll(() => h.close());
beforeEach(() => h.model.reset());

const conversation = async (user: TestUser, id: string) => {
  const response = await call(h, user, "GET", `/api/conversations/${id}`);
  return {
    status: response.status,
    body: response.status === 200 ? conversationSchema.parse(await response.json()) : undefined,
  };
};

test("a message becomes a task, and the conversation holds the same answer that was streamed", async () => {
  const { message, errors } = await say(h, anna, "add buy milk tomorrow");
  expect(errors).toEqual([]);
  expect(message.metadata?.status).toBe("completed");
  const tool = message.parts.find((part) => part.type === "dynamic-tool");
  expect(tool).toMatchObject({
    toolName: "add_task",
    state: "output-available",
    output: { task: { title: "Buy milk" } },
  });
  expect(textOf(message)).toContain("Buy milk");

  const { tasks } = taskPageSchema.parse(await (await call(h, anna, "GET", `/api/${anna.id}/tasks`)).json());
  expect(tasks).toMatchObject([{ title: "Buy milk" }]);

  const id = message.metadata?.conversation_id ?? "";
  const stored = (await conversation(anna, id)).body;
  expect(stored?.messages.map((entry) => entry.role)).toEqual(["user", "assistant"]);
  const shown = message.parts.filter((part) => part.type !== "step-start");
  expect(stored?.messages[1]).toMatchObject({
    id: message.id,
    metadata: { status: "completed", question_id: stored?.messages[0]?.id },
  });
  expect(stored?.messages[1]?.parts.map((part) => part.type)).toEqual(shown.map((part) => part.type));
  expect(textOf(stored?.messages[1] ?? { parts: [] })).toBe(textOf(message));
});

test("a model that sends null or nothing for what it leaves out loses no date, and clear_fields removes it", async () => {
  const carla = await h.user("carla");
  const body = { title: "Pay rent", notes: "by transfer", due: "2026-12-01" };
  const added = await call(h, carla, "POST", `/api/${carla.id}/tasks`, { body });
  const { id } = (await added.json()) as { id: string };
  const after = async (args: Record<string, unknown>) => {
    h.model.respond = playing([toolCall("update_task", { task_id: id, ...args })]);
    await say(h, carla, "change it");
    return (await call(h, carla, "GET", `/api/${carla.id}/tasks/${id}`)).json();
  };
  for (const blank of [null, ""]) {
    const rest = { notes: blank, due: blank, done: blank, clear_fields: blank, expected_version: blank };
    const title = `Pay ${JSON.stringify(blank)}`;
    expect(await after({ title, ...rest })).toMatchObject({ title, notes: "by transfer", due: "2026-12-01" });
  }
  expect(await after({ clear_fields: ["due"] })).toMatchObject({ notes: "by transfer", due: null });
});

test("the stream has the headers that keep proxies from holding it back", async () => {
  const response = await call(h, anna, "POST", "/api/chat", { body: { message: "list" } });
  await response.text();
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache, no-transform",
    "x-accel-buffering": "no",
    "x-vercel-ai-ui-message-stream": "v1",
    "x-conversation-id": expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
});

test("a client that accepts application/json gets the finished answer as one object", async () => {
  const id = randomUUID();
  const response = await call(h, anna, "POST", "/api/chat", {
    body: { message: "add water the plants", conversation_id: id },
    headers: { accept: "application/json" },
  });
  expect(response.status).toBe(200);
  const body = await response.json();
  expect(body).toEqual({ response: expect.stringContaining("ater the plants"), conversation_id: id });
});

test("the model reads the earlier messages of the conversation, with calls and results in pairs", async () => {
  const id = randomUUID();
  await say(h, anna, "add call the dentist", { conversationId: id });
  h.model.journal.length = 0;
  await say(h, anna, "list", { conversationId: id });
  const messages = h.model.journal[0]?.request.messages ?? [];
  expect(messages.map((message) => message.role)).toEqual(["system", "user", "assistant", "tool", "assistant", "user"]);
  expect(messages[3]?.tool_call_id).toBe(messages[2]?.tool_calls?.[0]?.id);
  expect(String(messages[3]?.content)).toContain("all the dentist");
});

test("the model reads the date in the person's time zone", async () => {
  await say(h, anna, "list", { timeZone: "Pacific/Kiritimati" });
  const today = new Intl.DateTimeFormat("en-CA", { timeZone: "Pacific/Kiritimati" }).format(new Date());
  expect(String(h.model.journal[0]?.request.messages[0]?.content)).toMatch(
    new RegExp(`^Today is ${today} \\([A-Z][a-z]+day\\) in Pacific/Kiritimati\\.$`, "m"),
  );
});

test("two users with the same conversation id have two conversations", async () => {
  const id = randomUUID();
  await say(h, anna, "add secret of anna", { conversationId: id });
  expect((await conversation(ben, id)).status).toBe(404);
  await say(h, ben, "add errand of ben", { conversationId: id });
  h.model.journal.length = 0;
  await say(h, ben, "list", { conversationId: id });

  expect(JSON.stringify(h.model.journal)).not.toContain("secret of anna");
  expect(JSON.stringify((await conversation(ben, id)).body)).not.toContain("secret of anna");
  expect(JSON.stringify((await conversation(anna, id)).body)).not.toContain("errand of ben");
});

test("a user can delete only their own conversation", async () => {
  const id = randomUUID();
  await say(h, anna, "list", { conversationId: id });
  expect((await call(h, ben, "DELETE", `/api/conversations/${id}`)).status).toBe(404);
  expect((await conversation(anna, id)).status).toBe(200);
  expect((await call(h, anna, "DELETE", `/api/conversations/${id}`)).status).toBe(204);
  expect((await conversation(anna, id)).status).toBe(404);
});

test("the list of conversations shows titles from the first messages, the newest conversation first", async () => {
  const carla = await h.user("carla");
  const first = "Please remind me that I have to bring the big blue suitcase to the attic";
  await say(h, carla, first);
  await say(h, carla, "list");
  const body = conversationListSchema.parse(await (await call(h, carla, "GET", "/api/conversations")).json());
  expect(body.conversations.map((entry) => entry.title)).toEqual([
    "list",
    "Please remind me that I have to bring the big blue suitcase…",
  ]);
});

test("characters that PostgreSQL can't store are replaced", async () => {
  h.model.respond = () => [{ type: "text", text: "nul \0 and half a pair \ud83d" }];
  const { message } = await say(h, anna, "what is \udc00 this");
  const stored = (await conversation(anna, message.metadata?.conversation_id ?? "")).body;
  expect(stored?.messages.map(textOf)).toEqual(["what is \ufffd this", "nul \ufffd and half a pair \ufffd"]);
});

test("every statement of a run and of the conversations names the user", async () => {
  const id = randomUUID();
  const recorded = recordStatements();
  try {
    await say(h, anna, "add one thing", { conversationId: id });
    await say(h, anna, "list", { conversationId: id });
    await call(h, anna, "GET", "/api/conversations");
    await conversation(anna, id);
    await call(h, anna, "DELETE", `/api/conversations/${id}`);
  } finally {
    recorded.stop();
  }
  expect(recorded.statements.filter((statement) => statement.sql.includes("message")).length).toBeGreaterThan(8);
  expect(recorded.statements.flatMap((statement) => unscoped(statement) ?? [])).toEqual([]);
});

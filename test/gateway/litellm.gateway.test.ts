import { conversationSchema } from "@taskassistant/contracts";
import { runSql } from "@taskassistant/db/testing";
import type { Step } from "@taskassistant/model-demo";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { call, type ReadAnswer, say, textOf } from "../../services/api/test/harness/client.ts";
import type { Harness, TestUser } from "../../services/api/test/harness/harness.ts";
import { playing, says, toolCall } from "../../services/api/test/harness/model-scripts.ts";
import { type GatewayHarness, type Name, startGatewayHarness, UPSTREAM_KEY } from "./harness.ts";

let g: GatewayHarness;
let h: Harness;
beforeAll(async () => {
  g = await startGatewayHarness();
  h = await g.through("demo");
});
afterAll(() => g?.close());
beforeEach(() => {
  g.direct.model.reset();
  g.direct.mcp.reset();
});

const titlesOf = async ({ id }: TestUser) =>
  (await runSql(h.database.adminUrl, "select title from app.task where user_id = $1 order by created_at, id", [id]))
    .rows;

test("a turn with a tool call becomes a task of this user, and every part is typed", async () => {
  const [anna, ben] = [await h.user("anna"), await h.user("ben")];
  const { message, chunks, errors } = await say(h, anna, "add buy milk tomorrow");
  expect(errors).toEqual([]);
  expect(message.metadata?.status).toBe("completed");
  expect(message.parts).toMatchObject([
    { type: "step-start" },
    { type: "dynamic-tool", toolName: "add_task", state: "output-available", output: { task: { title: "Buy milk" } } },
    { type: "step-start" },
    { type: "text", state: "done", text: expect.stringContaining("Buy milk") },
  ]);
  expect(new Set(chunks.map(({ type }) => type))).toEqual(
    new Set([
      ...["start", "start-step", "tool-input-start", "tool-input-available", "tool-output-available", "finish-step"],
      ...["text-start", "text-delta", "text-end", "finish"],
    ]),
  );
  expect(h.mcp.calls().map(({ params }) => params)).toMatchObject([
    { name: "add_task", arguments: { title: "Buy milk" } },
  ]);
  expect(await titlesOf(anna)).toEqual([{ title: "Buy milk" }]);
  expect(await titlesOf(ben)).toEqual([]);

  // The gateway has its own key for the model; the API's key ends at the gateway.
  expect(h.model.journal.map(({ apiKey }) => apiKey)).toEqual([UPSTREAM_KEY, UPSTREAM_KEY]);
  const [toolCalled] =
    h.model.journal[1]?.request.messages.findLast(({ role }) => role === "assistant")?.tool_calls ?? [];
  expect(h.model.journal[1]?.request.messages.at(-1)).toMatchObject({ role: "tool", tool_call_id: toolCalled?.id });
});

test("words arrive while the model still writes, and a reader who leaves ends the run", async () => {
  const dora = await h.user("dora");
  h.model.respond = () => [says("The first words."), { type: "stall" }, says("The last words.")];
  const leaving = new AbortController();
  const response = await call(h, dora, "POST", "/api/chat", { body: { message: "go on" }, signal: leaving.signal });
  let heard = "";
  for await (const bytes of response.body ?? []) {
    heard += new TextDecoder().decode(bytes);
    if (/words\./.test(heard)) break;
  }
  leaving.abort();
  const id = response.headers.get("x-conversation-id");
  const stored = async () => {
    const answer = await call(h, dora, "GET", `/api/conversations/${id}`);
    const { messages } = conversationSchema.parse(await answer.json());
    return messages.map((message) => [message.metadata.status, textOf(message)]);
  };
  await vi.waitFor(async () => expect((await stored())[1]).toEqual(["stopped", "The first words."]), 20_000);
});

/** An answer without what differs from turn to turn: ids and times. */
function plain({ message }: ReadAnswer): unknown {
  const text = JSON.stringify([message.parts, message.metadata?.status]);
  const volatile = /"[a-z]+_[a-z0-9]{12,}(_\d+)?"|"\d{4}-\d\d-\d\dT[^"]*"|"[0-9a-f]{8}-[0-9a-f-]{27}"/g;
  return JSON.parse(text.replaceAll(volatile, '""'));
}

const TURNS = [
  "hello",
  "add water the plants",
  "add call Anna on Friday",
  "list",
  "finish water the plants",
  "delete call Anna",
  "list",
];

test("a conversation through the gateway is the same as one without it", async () => {
  const told: unknown[][] = [];
  for (const [harness, name] of [
    [h, "eva"],
    [g.direct, "fred"],
  ] as const) {
    const person = await harness.user(name);
    const answers: unknown[] = [];
    let conversationId: string | undefined;
    for (const turn of TURNS) {
      const answer = await say(harness, person, turn, conversationId === undefined ? {} : { conversationId });
      conversationId = answer.message.metadata?.conversation_id;
      answers.push(plain(answer));
    }
    told.push([...answers, await titlesOf(person)]);
  }
  expect(told[0]).toEqual(told[1]);
});

test("several calls in one step and broken arguments go through as they would without the gateway", async () => {
  const rounds = playing(
    [says("Both. "), toolCall("add_task", { title: "One" }), toolCall("add_task", { title: "Two “”\n👪" })],
    [toolCall("add_task", '{"title": "Thr'), toolCall("no_such_tool", {})],
    [says("Done.")],
  );
  const told: unknown[] = [];
  for (const [harness, name] of [
    [h, "gina"],
    [g.direct, "hugo"],
  ] as const) {
    const person = await harness.user(name);
    h.model.respond = rounds;
    told.push([plain(await say(harness, person, "add both")), await titlesOf(person)]);
  }
  expect(told[0]).toEqual(told[1]);
  expect(JSON.stringify(told[0])).toContain("Two");
});

test("the address works without /v1 as well", async () => {
  const bare = await g.through("demo", { path: "" });
  const { message } = await say(bare, await h.user("ida"), "add buy bread");
  expect(message.metadata?.status).toBe("completed");
});

const failing = (
  status: number,
  message: string,
  more: { code?: string; headers?: Record<string, string> } = {},
): Step[] => [{ type: "error", status, message, ...more }];
const TOO_LONG = "This model's maximum context length is 8192 tokens. However, your messages resulted in 8264 tokens.";
const ADMINISTRATOR = "Ask the administrator of this assistant";

// biome-ignore format: a table reads better with a row on a line
test.each<[what: string, name: Name, model: Step[] | undefined, key: string | undefined, code: string, sentence: string]>([
  ["a wrong key of the gateway", "demo", undefined, "sk-wrong", "model_key_invalid", `The model provider refuses the API key. ${ADMINISTRATOR} to check it.`],
  ["a name that the gateway does not have", "unknown", undefined, undefined, "model_unavailable", `The model provider has no model named unknown, or does not offer it to this account. ${ADMINISTRATOR} to check the name.`],
  ["a model that is down", "down", undefined, undefined, "model_unavailable", "The model provider has a problem. Try again in a moment."],
  ["a wrong key of the model", "locked", failing(401, "Incorrect API key provided.", { code: "invalid_api_key" }), undefined, "model_key_invalid", `The model provider refuses the API key. ${ADMINISTRATOR} to check it.`],
  ["a busy model", "busy", failing(429, "Rate limit reached. Please slow down.", { headers: { "retry-after": "1" } }), undefined, "rate_limited", "The model provider is receiving too many requests. Wait a little, then try again."],
  ["a conversation that is too long", "long", failing(400, TOO_LONG, { code: "context_length_exceeded" }), undefined, "model_unavailable", "This conversation is too long for the model, even without its earlier messages. Start a new one with a shorter question."],
  ["a model that the provider does not have", "gone", failing(404, "The model `demo` does not exist or you do not have access to it.", { code: "model_not_found" }), undefined, "model_unavailable", `The model provider has no model named gone, or does not offer it to this account. ${ADMINISTRATOR} to check the name.`],
  ["a broken model", "broken", failing(500, "boom"), undefined, "model_unavailable", "The model provider has a problem. Try again in a moment."],
  ["a refused question", "filtered", failing(400, "The response was filtered due to the prompt triggering the content management policy.", { code: "content_filter" }), undefined, "model_unavailable", "The model provider's content filter refused this question. Ask it in other words."],
])("behind the gateway, %s is told in the sentence of its kind", async (_what, name, model, key, code, sentence) => {
  if (model !== undefined) h.model.respond = () => model;
  // The gateway repeats what may heal itself.
  const asked = await g.through(name, { maxRetries: 0, ...(key === undefined ? {} : { key }) });
  const { message, errors, chunks } = await say(asked, await h.user(`user-of-${name}-${key ?? ""}`), "add buy milk");
  expect(message.metadata).toMatchObject({ status: "failed", code, error: sentence });
  expect(errors).toEqual([sentence]);
  expect(chunks.at(-1)).toMatchObject({ type: "error", code, errorText: sentence });
});

test("a call that is cut is never made, although the gateway says that the answer is whole", async () => {
  const jan = await h.user("jan");
  h.model.respond = () => [says("At once. "), toolCall("add_task", '{"title": "Buy mi'), { type: "break" }];
  const { message } = await say(await g.through("cut"), jan, "add buy milk");
  expect(message.metadata?.status).toBe("failed");
  expect(textOf(message)).toContain("At once.");
  expect(h.mcp.calls()).toEqual([]);
  expect(await titlesOf(jan)).toEqual([]);
});

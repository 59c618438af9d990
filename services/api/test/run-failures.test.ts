import { setTimeout as sleep } from "node:timers/promises";
import { conversationListSchema, conversationSchema, problemSchema } from "@taskassistant/contracts";
import { runSql } from "@taskassistant/db/testing";
import { createLogger } from "@taskassistant/kit/process";
import type { Step } from "@taskassistant/model-demo";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { call, say, snapshot, textOf } from "./harness/client.ts";
import { type Harness, startHarness, type TestUser } from "./harness/harness.ts";
import { playing, says, toolCall } from "./harness/model-scripts.ts";

let h: Harness;
let anna: TestUser;
const logged: string[] = [];
const logger = createLogger({ name: "test", level: "debug", destination: { write: (line) => logged.push(line) } });

beforeAll(async () => {
  h = await startHarness({ model: { apiKey: "sk-very-secret" }, log: logger });
  anna = await h.user("anna");
});
afterAll(() => h.close());
beforeEach(() => {
  h.model.reset();
  h.mcp.reset();
});

/** The newest conversation's messages. */
const newest = async (user: TestUser) => {
  const list = conversationListSchema.parse(await (await call(h, user, "GET", "/api/conversations")).json());
  const id = list.conversations[0]?.id;
  return conversationSchema.parse(await (await call(h, user, "GET", `/api/conversations/${id}`)).json()).messages;
};

const providerError = (status: number, more: { headers?: Record<string, string>; code?: string } = {}): Step => ({
  type: "error",
  status,
  message: "The request with sk-very-secret failed",
  ...more,
});

test.each<[string, Step[], string, number, number]>([
  ["a refused key", [providerError(401)], "model_key_invalid", 502, 1],
  ["a forbidden account", [providerError(403)], "model_unavailable", 503, 1],
  ["an unknown model", [providerError(404)], "model_unavailable", 503, 1],
  ["a refused request", [providerError(400)], "model_unavailable", 503, 1],
  ["too many requests for a while", [providerError(429, { headers: { "retry-after": "37" } })], "rate_limited", 429, 1],
  ["a used-up quota", [providerError(429, { code: "insufficient_quota" })], "rate_limited", 429, 1],
  ["too many requests for a moment", [providerError(429, { headers: { "retry-after": "0" } })], "rate_limited", 429, 2],
  ["a broken provider", [providerError(500)], "model_unavailable", 503, 2],
  ["a connection cut before the first word", [{ type: "break" }], "model_unavailable", 503, 2],
  ["a stream of garbage", [{ type: "raw", data: "data: {not json" }], "model_unavailable", 503, 1],
  ["an empty answer", [], "model_unavailable", 503, 1],
])(
  "%s ends the run with a code and a sentence, and is repeated only where that can help",
  async (_name, steps, code, status, asked) => {
    h.model.respond = () => steps;
    const seen = await say(h, anna, "hello");
    expect(h.model.journal).toHaveLength(asked);
    expect(seen.message.metadata).toMatchObject({ status: "failed", code });
    const sentence = seen.message.metadata?.error ?? "";
    expect(seen.errors).toEqual([sentence]);
    expect(seen.chunks.at(-1)).toMatchObject({ type: "error", errorText: sentence, code });
    const messages = await newest(anna);
    expect(messages.map((message) => message.metadata.status)).toEqual(["completed", "failed"]);
    expect(messages[1]?.metadata.error).toBe(sentence);

    const plain = await call(h, anna, "POST", "/api/chat", {
      body: { message: "hello" },
      headers: { accept: "application/json" },
    });
    const problem = problemSchema.parse(await plain.json());
    expect([plain.status, problem.code, problem.detail]).toEqual([status, code, sentence]);
    expect(logged.some((line) => line.includes("run ended"))).toBe(true);
    expect(JSON.stringify([seen, messages, problem, logged])).not.toContain("sk-very-secret");
  },
);

test("the wait that a provider asks for is passed on", async () => {
  h.model.respond = () => [providerError(429, { headers: { "retry-after": "37" } })];
  expect((await say(h, anna, "hello")).message.metadata?.retry_after).toBe(37);
  const plain = await call(h, anna, "POST", "/api/chat", {
    body: { message: "hello" },
    headers: { accept: "application/json" },
  });
  expect(plain.headers.get("retry-after")).toBe("37");
});

test("a failure of the provider that heals stays unnoticed", async () => {
  let requests = 0;
  h.model.respond = () => (++requests === 1 ? [providerError(503)] : [says("here I am")]);
  const seen = await say(h, anna, "hello");
  expect([seen.message.metadata?.status, textOf(seen.message)]).toEqual(["completed", "here I am"]);
});

test("an answer that is cut after its first words is not asked for again, and its words are stored", async () => {
  h.model.respond = () => [says("half a sen"), { type: "break" }];
  const seen = await say(h, anna, "hello");
  expect(h.model.journal).toHaveLength(1);
  expect(seen.message.metadata).toMatchObject({ status: "failed", code: "model_unavailable" });
  expect([textOf(seen.message), textOf((await newest(anna))[1] ?? { parts: [] })]).toEqual([
    "half a sen",
    "half a sen",
  ]);
});

test.each(["text/event-stream", "application/json"])(
  "a reader of %s who leaves ends the run, and the answer is stored as stopped",
  async (accept) => {
    h.model.respond = () => [
      says("word "),
      { type: "stall", ms: 3_000 },
      says("more "),
      { type: "stall", ms: 900 },
      says("late"),
    ];
    const leaving = new AbortController();
    const answer = call(h, anna, "POST", "/api/chat", {
      body: { message: `leave ${accept}` },
      headers: { accept },
      signal: leaving.signal,
    }).then((response) => response.text());
    await vi.waitFor(() => expect(h.model.journal).toHaveLength(1));
    await sleep(150);
    leaving.abort();
    await expect(answer).rejects.toThrow();
    await vi.waitFor(async () => expect((await newest(anna)).at(-1)?.metadata.status).toBe("stopped"), {
      timeout: 5_000,
    });
    const messages = await newest(anna);
    expect(messages.map(textOf)).toEqual([`leave ${accept}`, "word "]);
  },
);

test("a sign-out during a run ends it, and no further call is made", async () => {
  const leaver = await h.user("leaver");
  h.exchange.mcpSeconds = 5;
  h.mcp.before = ({ method }) => {
    if (method === "tools/call") h.exchange.signedOut.add(leaver.sid);
  };
  h.model.respond = playing([toolCall("add_task", { title: "before" })], [toolCall("add_task", { title: "after" })]);
  const seen = await say(h, leaver, "go").finally(() => {
    h.exchange.mcpSeconds = 60;
  });
  expect(seen.message.metadata).toMatchObject({ status: "failed", code: "unauthorized" });
  expect(seen.message.metadata?.error).toContain("signed out");
  expect(seen.message.parts.filter((part) => part.type === "dynamic-tool")).toMatchObject([
    { state: "output-available" },
    { state: "output-error", errorText: expect.stringContaining("Not done") },
  ]);
  const { rows } = await runSql(h.database.adminUrl, "select title from app.task where user_id = $1", [leaver.id]);
  expect(rows).toEqual([{ title: "before" }]);
});

test("the question is stored before the model is asked", async () => {
  const asker = await h.user("asker");
  let found: unknown;
  h.model.respond = async () => {
    found = (await newest(asker)).map((message) => [message.role, textOf(message)]);
    return [says("yes")];
  };
  await say(h, asker, "is this safe");
  expect(found).toEqual([["user", "is this safe"]]);
});

test("without the exchange no run begins and nothing is stored, however often one tries", async () => {
  const before = await snapshot(h);
  h.exchange.down = true;
  try {
    // Once more than a person may have runs at a time.
    for (let attempt = 0; attempt < 4; attempt++) {
      const response = await call(h, anna, "POST", "/api/chat", { body: { message: "hello" } });
      expect([response.status, response.headers.get("retry-after")]).toEqual([503, "5"]);
      expect(problemSchema.parse(await response.json()).code).toBe("unavailable");
    }
  } finally {
    h.exchange.down = false;
  }
  expect(await snapshot(h)).toBe(before);
});

test.each([401, 500])(
  "an MCP server that answers %d ends the run with a sentence, and the question is kept",
  async (status) => {
    h.mcp.fetch = () => new Response(null, { status });
    const seen = await say(h, anna, `are you there, ${status}`);
    expect(seen.message.metadata).toMatchObject({ status: "failed", code: "unavailable" });
    expect((await newest(anna)).map(textOf)).toEqual([`are you there, ${status}`, ""]);
    expect(h.model.journal).toEqual([]);
  },
);

test("an MCP server that describes itself differently after its replacement is asked again", async () => {
  await say(h, anna, "list");
  let refused = 0;
  h.mcp.before = ({ method }) => {
    if (method === "tools/list" && refused++ === 0) return new Response("no such version", { status: 400 });
  };
  const seen = await say(h, anna, "list");
  expect(seen.message.metadata?.status).toBe("completed");
  expect(h.mcp.requests.map((request) => request.method)).toContain("server/discover");
});

test("the provider gets the API key, and no header when there is none", async () => {
  await say(h, anna, "list");
  expect(h.model.journal[0]?.apiKey).toBe("sk-very-secret");
  const keyless = await startHarness();
  try {
    await say(keyless, await keyless.user("anna"), "list");
    expect(keyless.model.journal.map((entry) => entry.apiKey)).toEqual([undefined, undefined]);
  } finally {
    await keyless.close();
  }
});

import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Conversation } from "@taskassistant/contracts";
import { createTestDatabase } from "@taskassistant/db/testing";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { buildFrontend, freePort, type Started, startBuilt, startService, untilReady } from "./built-server-harness.ts";
import { CLIENT_SECRET, cookieOf, PASSWORD } from "./frontend-fixture.ts";

/**
 * Stop and Escape abort the browser's request. The work this must cancel is behind two processes, the built frontend and
 * the API. Both are real here, and so is the MCP server. The model provider never stops streaming.
 */

const CONVERSATION = "2f0e7f3e-4c1b-4a55-9d8b-0c7c0e6a1b11";
/** Maximum wait for a process to start or a cancellation to arrive. The machine may be busy. */
const PATIENCE = { timeout: 60_000, interval: 100 };

const closers: (() => unknown)[] = [];
const calls: ServerResponse[] = [];
let url: string;
let headers: Record<string, string>;

beforeAll(async () => {
  await buildFrontend();
  const database = await createTestDatabase();
  closers.push(() => database.drop());
  const modelUrl = await startTalker();
  const [apiPort, mcpPort] = await Promise.all([freePort(), freePort()]);
  const frontend = await started(
    startBuilt({
      DATABASE_URL: database.authUrl,
      BETTER_AUTH_SECRET: database.authSecret,
      EXCHANGE_CLIENT_SECRET: CLIENT_SECRET,
      API_URL: `http://127.0.0.1:${apiPort}`,
      SIGN_UP: "Open",
    }),
  );
  url = frontend.url;
  const shared = {
    BETTER_AUTH_URL: url,
    BETTER_AUTH_JWKS_URL: `${url}/api/auth/jwks`,
    DATABASE_URL: database.appUrl,
  };
  await started(startService("mcp", mcpPort, shared));
  await started(
    startService("api", apiPort, {
      ...shared,
      TOKEN_EXCHANGE_URL: frontend.exchangeUrl,
      EXCHANGE_CLIENT_SECRET: CLIENT_SECRET,
      MCP_SERVER_URL: `http://127.0.0.1:${mcpPort}/mcp`,
      MODEL_PROVIDER: "OpenAICompatible",
      MODEL_NAME: "talker",
      OPENAI_BASE_URL: modelUrl,
    }),
  );
  headers = { origin: url, "content-type": "application/json" };
  const body = JSON.stringify({ name: "Ada", email: "ada@example.test", password: PASSWORD });
  const signUp = await fetch(`${url}/api/auth/sign-up/email`, { method: "POST", headers, body });
  expect(signUp.status).toBe(200);
  headers.cookie = cookieOf(signUp);
}, 600_000);

afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

it("stopping an answer cancels the provider's work and stores the text so far as stopped", async () => {
  const stop = new AbortController();
  const response = await fetch(`${url}/api/chat`, {
    method: "POST",
    headers,
    body: JSON.stringify({ message: "talk", conversation_id: CONVERSATION, time_zone: "UTC" }),
    signal: stop.signal,
  });
  expect(response.status).toBe(200);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  for (let seen = ""; seen.split("word ").length <= 2; ) seen += (await reader.read()).value ?? "";
  expect(calls).toHaveLength(1);
  const ended = calls[0]!.closed ? Promise.resolve() : once(calls[0]!, "close");

  stop.abort();
  await ended;
  await vi.waitFor(async () => {
    const stored = await fetch(`${url}/api/conversations/${CONVERSATION}`, { headers });
    const { messages } = (await stored.json()) as Conversation;
    expect(messages.map(({ role, metadata }) => [role, metadata.status])).toEqual([
      ["user", "completed"],
      ["assistant", "stopped"],
    ]);
    expect(JSON.stringify(messages[1]!.parts)).toContain("word word ");
  }, PATIENCE);
}, 120_000);

/** Starts a model provider that streams words without end. */
async function startTalker(): Promise<string> {
  const choice = { index: 0, delta: { role: "assistant", content: "word " }, finish_reason: null };
  const chunk = { id: "c", object: "chat.completion.chunk", created: 0, model: "talker", choices: [choice] };
  const server = createServer((request, response) => {
    request.resume();
    // Before the first question the API asks which models there are.
    if (request.method !== "POST") return void response.writeHead(404).end();
    calls.push(response);
    response.writeHead(200, { "content-type": "text/event-stream" });
    const talking = setInterval(() => response.write(`data: ${JSON.stringify(chunk)}\n\n`), 20);
    response.once("close", () => clearInterval(talking));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

async function started<S extends Started>(starting: Promise<S>): Promise<S> {
  const service = await starting;
  closers.push(() => service.process.kill("SIGKILL"));
  await untilReady(service);
  return service;
}

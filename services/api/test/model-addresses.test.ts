import { createServer as createHttpServer, type IncomingMessage, type RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, connect, type Server } from "node:net";
import { createAuthority } from "@taskassistant/cluster/pki";
import { afterEach, expect, test } from "vitest";
import {
  type ChatCompletionsOptions,
  createChatCompletionsDriver,
} from "../src/agent/model/chat-completions/driver.ts";
import { ModelError } from "../src/agent/model/errors.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function portOf(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** What one call to the address gives: the text, or the sentence of its failure. */
async function callTo(options: Partial<ChatCompletionsOptions> & { baseURL: string }): Promise<string> {
  const driver = createChatCompletionsDriver({
    apiKey: "sk-secret",
    model: "m",
    firstTimeoutMs: 10_000,
    idleTimeoutMs: 10_000,
    maxRetries: 2,
    ...options,
  });
  const request = { messages: [{ role: "user" as const, content: "hello" }], tools: [] };
  let text = "";
  try {
    for await (const event of driver.ask({ ...request, signal: new AbortController().signal })) {
      if (event.type === "text") text += event.delta;
    }
    return text;
  } catch (error) {
    if (error instanceof ModelError) return error.message;
    throw error;
  }
}

const HELLO = JSON.stringify({
  choices: [{ index: 0, message: { role: "assistant", content: "Hello!" }, finish_reason: "stop" }],
});

/** Answers every request, and keeps what it saw. */
function modelServer(): { seen: IncomingMessage[]; listener: RequestListener } {
  const seen: IncomingMessage[] = [];
  const listener: RequestListener = (request, response) => {
    seen.push(request);
    request.resume();
    response.writeHead(200, { "content-type": "application/json" }).end(HELLO);
  };
  return { seen, listener };
}

/** A server that answers in one way whatever is asked. */
function answering(status: number, headers: Record<string, string>, body: string) {
  const seen: IncomingMessage[] = [];
  const server = createHttpServer((request, response) => {
    seen.push(request);
    request.resume();
    response.writeHead(status, headers).end(body);
  });
  return { seen, server };
}

const PAGE = "<!doctype html><html><head><title>x</title></head><body><div id=app></div></body></html>";

test.each<[what: string, status: number, headers: Record<string, string>, body: string, sentence: RegExp]>([
  ["has no such path", 404, { "content-type": "text/plain" }, "404 page not found", /base URL.*address/],
  ["is a web page", 200, { "content-type": "text/html" }, PAGE, /base URL does not lead to/],
  ["is a web page without a type", 200, {}, PAGE, /base URL does not lead to/],
  ["is a web page for errors", 404, { "content-type": "text/html" }, PAGE, /base URL does not lead to/],
  ["is FastAPI with other paths", 404, { "content-type": "application/json" }, '{"detail":"Not Found"}', /base URL/],
  ["redirects to https", 308, { location: "https://127.0.0.1/v1/chat/completions" }, "", /redirect/],
  ["redirects to a sign-in", 302, { location: "/login" }, PAGE, /redirect/],
  ["is an API for something else", 200, { "content-type": "application/json" }, '{"status":"ok"}', /base URL/],
  ["wants https", 400, {}, "Client sent an HTTP request to an HTTPS server.", /https/],
])("an address that %s is told at once, in one call", async (_what, status, headers, body, sentence) => {
  const { seen, server } = answering(status, headers, body);
  const said = await callTo({ baseURL: `http://127.0.0.1:${await portOf(server)}/v1` });
  expect(said).toMatch(sentence);
  expect(said).not.toMatch(/[<>]|no model named|can't be reached/);
  expect(seen).toHaveLength(1);
});

test("a server that does not speak HTTP is told as a wrong address", async () => {
  const { createServer } = await import("node:net");
  const port = await portOf(createServer((socket) => socket.end("SSH-2.0-OpenSSH_9.6\r\n")));
  expect(await callTo({ baseURL: `http://127.0.0.1:${port}/v1` })).toMatch(/does not speak HTTP/);
});

test("https at a server that speaks http is told as a wrong address", async () => {
  const port = await portOf(createHttpServer(modelServer().listener));
  expect(await callTo({ baseURL: `https://127.0.0.1:${port}/v1` })).toMatch(/does not speak https/);
});

test("an address where nothing listens is asked again, and is out of reach", async () => {
  const server = createHttpServer();
  const port = await portOf(server);
  await new Promise((resolve) => server.close(resolve));
  expect(await callTo({ baseURL: `http://127.0.0.1:${port}/v1`, maxRetries: 1 })).toMatch(/can't be reached/);
});

test("a certificate of a private authority is refused, and trusted once the authority is named", async () => {
  const authority = await createAuthority("private");
  const leaf = await authority.issue({ commonName: "localhost", usage: "server", hosts: ["localhost"] });
  const { seen, listener } = modelServer();
  const port = await portOf(createHttpsServer(leaf, listener));
  const baseURL = `https://localhost:${port}/v1`;
  expect(await callTo({ baseURL })).toMatch(/certificate.*not trusted/);
  const other = await createAuthority("another");
  expect(await callTo({ baseURL, ca: other.cert })).toMatch(/certificate.*not trusted/);
  expect(await callTo({ baseURL: `https://127.0.0.1:${port}/v1`, ca: authority.cert })).toMatch(/another host/);
  expect(seen).toHaveLength(0);
  expect(await callTo({ baseURL, ca: authority.cert })).toBe("Hello!");
});

test("a query and further headers arrive with every request", async () => {
  const { seen, listener } = modelServer();
  const port = await portOf(createHttpServer(listener));
  const baseURL = `http://127.0.0.1:${port}/openai/deployments/d?api-version=2024-10-21`;
  expect(await callTo({ baseURL, apiKey: undefined, headers: { "api-key": "azure" } })).toBe("Hello!");
  expect(seen[0]?.url).toBe("/openai/deployments/d/chat/completions?api-version=2024-10-21");
  expect([seen[0]?.headers["api-key"], seen[0]?.headers.authorization]).toEqual(["azure", undefined]);
});

test("a proxy opens a tunnel for https, and the model's certificate is still checked against its authority", async () => {
  const authority = await createAuthority("private");
  const leaf = await authority.issue({ commonName: "localhost", usage: "server", hosts: ["localhost"] });
  const { listener } = modelServer();
  const secure = await portOf(createHttpsServer(leaf, listener));
  const plain = await portOf(createHttpServer(listener));
  const through: string[] = [];
  const proxyServer = createHttpServer((request, response) => {
    through.push(`${request.method} ${request.url}`);
    request.resume();
    response.writeHead(200, { "content-type": "application/json" }).end(HELLO);
  });
  proxyServer.on("connect", (request, socket) => {
    through.push(`CONNECT ${request.url}`);
    const upstream = connect(secure, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    for (const end of [upstream, socket]) end.on("error", () => undefined);
  });
  const proxy = { url: `http://127.0.0.1:${await portOf(proxyServer)}`, noProxy: "" };

  expect(await callTo({ baseURL: `https://localhost:${secure}/v1`, ca: authority.cert, proxy })).toBe("Hello!");
  expect(await callTo({ baseURL: `http://127.0.0.1:${plain}/v1`, proxy })).toBe("Hello!");
  expect(through).toEqual([`CONNECT localhost:${secure}`, `POST http://127.0.0.1:${plain}/v1/chat/completions`]);
  await callTo({ baseURL: `http://127.0.0.1:${plain}/v1`, proxy: { ...proxy, noProxy: "127.0.0.1" } });
  expect(through).toHaveLength(2);
});

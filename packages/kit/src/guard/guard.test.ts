import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { rawSocket } from "../testing/raw-socket.ts";
import { type GuardLimits, guardServer } from "./index.ts";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A guarded server whose pages take no body and whose `/api` takes 1 KB. */
async function start(
  handler: RequestListener = (_, response) => void response.end("page"),
  limits?: Partial<GuardLimits>,
) {
  const seen: string[] = [];
  const started = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    handler(request, response);
  });
  server = started;
  // Next.js listens for upgrades and leaves them unanswered.
  started.on("upgrade", () => undefined);
  const drain = guardServer(started, {
    bodyMax: (_method, path) => (path.startsWith("/api/") ? 1024 : 0),
    ...(limits === undefined ? {} : { limits }),
  });
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  const { port } = started.address() as AddressInfo;
  const log = { warn: () => undefined };
  const stop = (finishMs = 60_000) => drain.stop({ log, drainMs: 0, finishMs });
  return { port, seen, stop };
}

const POST = (path: string, ...headers: string[]) =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\n${headers.join("\r\n")}\r\n\r\n`;

describe("a request is answered before a handler sees it", () => {
  it.each([
    ["a body for a page", POST("/", "Content-Length: 9000000"), 413],
    ["a small body for a page", `${POST("/", "Content-Length: 5")}hello`, 413],
    ["a chunked body for a page", `${POST("/sign-in", "Transfer-Encoding: chunked")}5\r\nhello\r\n`, 413],
    ["a body for a page with a query", POST("/?x=/api/", "Content-Length: 100"), 413],
    ["a body that waits for leave", POST("/", "Content-Length: 9000000", "Expect: 100-continue"), 413],
    ["a body that is too large", POST("/api/x", "Content-Length: 1025"), 413],
    ["a body on GET", "GET /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", 413],
    [
      "a chunked body on GET",
      "GET /api/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
      413,
    ],
    ["a body on HEAD", "HEAD /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", 413],
    ["TRACE", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 405],
    ["a method of another protocol", "PROPFIND / HTTP/1.1\r\nHost: a\r\n\r\n", 405],
    ["CONNECT", "CONNECT other:443 HTTP/1.1\r\nHost: other\r\n\r\n", 405],
    ["two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400],
    ["a target on another host", "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", 400],
    ["a target of another scheme", "GET file:///x HTTP/1.1\r\nHost: a\r\n\r\n", 400],
    ["a target that is no URL", "GET http://[/ HTTP/1.1\r\nHost: a\r\n\r\n", 400],
    ["the server as its target", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 400],
    ["a code that is none", "GET /api/%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400],
    ["a code of half a character", "GET /%E0%A4 HTTP/1.1\r\nHost: a\r\n\r\n", 400],
    ["thousands of parameters", `GET /?${"a&".repeat(5_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 400],
  ])("with %s", async (_what, request, status) => {
    const { port, seen } = await start();
    const client = await rawSocket(port);
    client.send(request);
    expect(await client.closed()).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(seen).toEqual([]);
  });

  it.each([
    ["huge headers", `GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(70_000)}\r\n\r\n`, 431],
    ["a body of two lengths", `${POST("/api/x", "Content-Length: 3", "Transfer-Encoding: chunked")}0\r\n\r\n`, 400],
    ["a method that does not exist", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 400],
  ])("by Node.js with %s", async (_what, request, status) => {
    const { port, seen } = await start();
    const client = await rawSocket(port);
    client.send(request);
    expect(await client.closed()).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(seen).toEqual([]);
  });
});

it("a refusal arrives although the client goes on sending, and says why", async () => {
  const { port } = await start();
  const client = await rawSocket(port);
  client.send(POST("/", "Content-Length: 9000000"));
  for (let count = 0; count < 20; count++) client.send("x".repeat(10_000));
  const answer = await client.closed();
  expect(answer).toContain("application/problem+json");
  expect(answer).toContain("Nothing here reads the body of this request");
});

it("a target in its absolute form is served as the ordinary one", async () => {
  const { port, seen } = await start();
  const client = await rawSocket(port);
  client.send("GET http://A:80/api/x?y=%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  expect(await client.closed()).toMatch(/^HTTP\/1.1 200 /);
  expect(seen).toEqual(["GET /api/x?y=%zz"]);
});

it("a body within the limit reaches its handler, also after leave to send it", async () => {
  const { port } = await start(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    response.end(`read ${text}`);
  });
  for (const expectation of [[], ["Expect: 100-continue"]]) {
    const client = await rawSocket(port);
    client.send(POST("/api/x", "Content-Length: 5", "Connection: close", ...expectation));
    client.send("hello");
    expect(await client.closed()).toContain("read hello");
  }
});

it.each(["websocket", "h2c", "TLS/1.0"])(
  "a request to upgrade to %s is answered as if it had not asked",
  async (protocol) => {
    const { port } = await start();
    const client = await rawSocket(port);
    client.send(`GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n\r\n`);
    await expect.poll(() => client.received()).toMatch(/^HTTP\/1.1 200 .*page/s);
    client.socket.destroy();
  },
);

describe("a stop is not held", () => {
  it.each([
    ["has sent nothing", ""],
    ["has sent half a head", "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: "],
    ["has half a body", `${POST("/api/x", "Content-Length: 100")}half`],
    ["was answered", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"],
    ["asked to upgrade", "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"],
  ])("by a connection that %s", async (_what, sent) => {
    const { port, stop } = await start((request, response) => {
      if (request.method === "GET") response.end("page");
      else request.resume().on("end", () => response.end());
    });
    const client = await rawSocket(port);
    client.send(sent);
    await sleep(50);
    await stop();
    await client.closed(1_000);
  });

  it("by a reader that takes nothing of its answer", async () => {
    const { port, stop } = await start((_request, response) => void response.end("x".repeat(50_000_000)));
    const client = await rawSocket(port);
    client.socket.pause();
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await sleep(50);
    await stop();
  });
});

it("a stop lets a slow reader take the rest of its answer", async () => {
  const { port, stop } = await start((_request, response) => void response.end("x".repeat(20_000_000)));
  const client = await rawSocket(port);
  client.socket.pause();
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await sleep(50);
  const stopped = stop();
  await sleep(1_000);
  client.socket.resume();
  await stopped;
  expect((await client.closed()).length).toBeGreaterThan(20_000_000);
});

it("a stop waits for an answer that is being made, and cuts it at the end of its time", async () => {
  const { port, stop } = await start(() => undefined);
  const client = await rawSocket(port);
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await sleep(50);
  await stop(1_000);
  expect(await client.closed(1_000)).toBe("");
});

it("beyond the maximum number of connections, the one without a request for longest is closed", async () => {
  const { port } = await start(() => undefined, { connections: 3 });
  const working = await rawSocket(port);
  working.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await sleep(50);
  const idle = [await rawSocket(port), await rawSocket(port)];
  const next = await rawSocket(port);
  await idle[0]!.closed(1_000);
  expect([working, idle[1]!, next].map(({ socket }) => socket.destroyed)).toEqual([false, false, false]);
  for (const { socket } of [working, idle[1]!, next]) socket.destroy();
});

it("a reader that takes nothing of its answer is cut off, and one whose answer is still being made is not", async () => {
  const cut = Promise.withResolvers<void>();
  const { port } = await start(
    (request, response) => {
      if (request.url === "/slow") return;
      request.socket.once("close", cut.resolve);
      response.end("x".repeat(50_000_000));
    },
    { stallMs: 300 },
  );
  const waiting = await rawSocket(port);
  waiting.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
  const reader = await rawSocket(port);
  reader.socket.pause();
  reader.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await cut.promise;
  await sleep(500);
  expect(waiting.socket.destroyed).toBe(false);
  for (const { socket } of [waiting, reader]) socket.destroy();
});

it("a connection that asks for many things at once without waiting is closed", async () => {
  const { port } = await start(() => undefined, { pipelined: 4 });
  const client = await rawSocket(port);
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(40));
  await client.closed(5_000).catch(() => expect.unreachable("the connection stayed open"));
});

it("when too many bodies are unfinished, a new one is told to wait, and an old one gives way to it a little later", async () => {
  const { port } = await start((request, response) => void request.resume().on("end", () => response.end("read")), {
    bodies: 2_000,
  });
  const slow = await rawSocket(port);
  slow.send(POST("/api/x", "Content-Length: 1024"));
  await sleep(50);
  const body = () => `${POST("/api/x", "Content-Length: 1024", "Connection: close")}${"x".repeat(1024)}`;
  const early = await rawSocket(port);
  early.send(body());
  expect(await early.closed()).toMatch(/^HTTP\/1.1 503 .*retry-after: 2/s);
  await sleep(2_100);
  const later = await rawSocket(port);
  later.send(body());
  expect(await later.closed()).toMatch(/^HTTP\/1.1 200 .*read/s);
  expect(await slow.closed(1_000)).toBe("");
});

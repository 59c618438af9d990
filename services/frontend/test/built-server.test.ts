import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createTestDatabase, type TestDatabase } from "@taskassistant/db/testing";
import { rawSocket } from "@taskassistant/kit/testing";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BuiltServer, buildFrontend, startBuilt, untilReady } from "./built-server-harness.ts";
import { CLIENT_SECRET, cookieOf, PASSWORD } from "./frontend-fixture.ts";

let database: TestDatabase;
let api: Server;
let respond: (request: IncomingMessage, response: ServerResponse) => void;
let server: BuiltServer;
let cookie: string;

beforeAll(async () => {
  await buildFrontend();
  database = await createTestDatabase();
  api = createServer((request, response) => respond(request, response)).listen(0, "127.0.0.1");
  await once(api, "listening");
  server = await startBuilt({
    DATABASE_URL: database.authUrl,
    BETTER_AUTH_SECRET: database.authSecret,
    EXCHANGE_CLIENT_SECRET: CLIENT_SECRET,
    API_URL: `http://127.0.0.1:${(api.address() as AddressInfo).port}`,
    SIGN_UP: "Open",
  });
  await untilReady(server);
  const signUp = await fetch(`${server.url}/api/auth/sign-up/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: server.url },
    body: JSON.stringify({ name: "Ada", email: "ada@example.test", password: PASSWORD }),
  });
  expect(signUp.status).toBe(200);
  cookie = cookieOf(signUp);
}, 600_000);
afterAll(async () => {
  if (server?.process.exitCode === null) server.process.kill("SIGKILL");
  api?.closeAllConnections();
  api?.close();
  await database?.drop();
});

const chat = (init: RequestInit = {}) =>
  fetch(`${server.url}/api/chat`, {
    method: "POST",
    headers: { cookie, origin: server.url, "accept-encoding": "gzip, br" },
    body: "{}",
    ...init,
  });

it.each([
  ["pages", (host: string) => `http://${host}:${new URL(server.url).port}/sign-in`, 200],
  ["health server", (host: string) => `http://${host}:${new URL(server.healthUrl).port}/readyz`, 200],
  ["token exchange", (host: string) => `http://${host}:${new URL(server.exchangeUrl).port}/oauth2/token`, 404],
])("the %s answers over IPv4 and IPv6", async (_what, url, status) => {
  for (const host of ["127.0.0.1", "[::1]"]) expect((await fetch(url(host))).status, host).toBe(status);
});

describe("pages", () => {
  it.each(["/", "/settings", "/sign-in", "/sign-up", "/c/2f0e7f3e-4c1b-4a55-9d8b-0c7c0e6a1b11", "/no/such/page"])(
    "%s runs no script that its Content-Security-Policy does not name",
    async (path) => {
      const response = await fetch(server.url + path);
      const policy = response.headers.get("content-security-policy") ?? "";
      const scripts = /script-src ([^;]*)/.exec(policy)?.[1]?.split(" ") ?? [];
      expect(scripts).toContain("'self'");
      expect(policy).not.toMatch(/script-src[^;]*(unsafe|\*|data:|https:)/);
      expect(policy).toContain("frame-ancestors 'none'");
      const inline = [...(await response.text()).matchAll(/<script([^>]*)>(.*?)<\/script>/gs)].filter(
        ([, attributes = ""]) => !attributes.includes("src="),
      );
      expect(inline.length).toBeGreaterThan(0);
      for (const [, attributes = "", code = ""] of inline) {
        const hash = `'sha256-${createHash("sha256").update(code).digest("base64")}'`;
        const nonce = `'nonce-${/nonce="([^"]+)"/.exec(attributes)?.[1]}'`;
        expect(
          [hash, nonce].filter((source) => scripts.includes(source)),
          code.slice(0, 100),
        ).not.toEqual([]);
      }
    },
  );

  it.each(["/sign-in", "/sign-up"])(
    "%s can't put a password into the address before React takes over",
    async (path) => {
      const html = await (await fetch(server.url + path)).text();
      expect(/<form[^>]*>/.exec(html)?.[0]).toContain('method="post"');
      // A disabled button also keeps Enter from submitting (HTML, implicit submission).
      expect(/<button[^>]*type="submit"[^>]*>/.exec(html)?.[0]).toContain('disabled=""');
    },
  );

  it("carry security headers and are revalidated on each visit", async () => {
    const { headers } = await fetch(server.url);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("same-origin");
    expect(headers.get("x-powered-by")).toBeNull();
    expect(headers.get("strict-transport-security")).toBeNull();
    expect(headers.get("cache-control")).toBe("no-cache");
  });
});

describe("the built server", () => {
  it("counts sign-in attempts by the connection's address, regardless of X-Forwarded-For", async () => {
    const attempt = (address: string) =>
      fetch(`${server.url}/api/auth/sign-in/email`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: server.url, "x-forwarded-for": address },
        body: JSON.stringify({ email: `${address}@example.test`, password: "wrong password" }),
      });
    for (const address of ["203.0.113.1", "203.0.113.2"]) expect((await attempt(address)).status).toBe(401);
    const admin = new pg.Client({ connectionString: database.adminUrl });
    await admin.connect();
    const { rows } = await admin.query<{ key: string; count: number }>(
      `select key, count from auth."rateLimit" where key like '%|/sign-in/email'`,
    );
    await admin.end();
    expect(rows).toEqual([{ key: expect.stringMatching(/^(127\.0\.0\.1|0000:.*)\|/), count: 2 }]);
  });

  it("refuses a sign-in whose body is too large, announced or not, and the refusal arrives", async () => {
    const send = (body: BodyInit) =>
      fetch(`${server.url}/api/auth/sign-in/email`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: server.url },
        body,
        ...({ duplex: "half" } as RequestInit),
      });
    const chunk = new Uint8Array(1024);
    let chunks = 20;
    const unannounced = new ReadableStream({
      pull: (controller) => {
        chunks -= 1;
        if (chunks < 0) controller.close();
        else controller.enqueue(chunk);
      },
    });
    for (const body of [" ".repeat(20 * 1024), unannounced]) {
      const response = await send(body);
      expect([response.status, await response.json()]).toEqual([413, expect.objectContaining({ status: 413 })]);
    }
  });

  it("does not log it as a failure when a browser goes away with half of a sign-in sent", async () => {
    const before = server.output().length;
    const client = await rawSocket(Number(new URL(server.url).port));
    client.send("POST /api/auth/sign-in/email HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n");
    client.send('Content-Length: 100\r\n\r\n{"email":');
    await sleep(100);
    client.socket.destroy();
    await expect
      .poll(() => server.output().slice(before), { timeout: 10_000 })
      .toContain('"path":"/api/auth/sign-in/email"');
    expect(server.output().slice(before)).not.toMatch(/"level":"(warn|error)"/);
  });

  it.each([
    ["an unfinished body for a page", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\nx", 413],
    [
      "a chunked body for a page",
      "POST /sign-in HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n",
      413,
    ],
    ["a body for a script of the pages", "PUT /_next/x HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n", 413],
    ["a large body for the API", "POST /api/chat HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n", 413],
    ["a body on GET", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n", 413],
    ["TRACE", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 405],
    ["TRACE of the API", "TRACE /api/me HTTP/1.1\r\nHost: a\r\n\r\n", 405],
    ["thousands of parameters", `GET /?${"a&".repeat(7_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 400],
    ["a target that is no path", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400],
    ["a malformed path of the API", "GET /api/%zz/tasks HTTP/1.1\r\nHost: a\r\n\r\n", 400],
    ["the page of its errors", "GET /_global-error HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 404],
    ["CONNECT", "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n", 405],
  ])("answers %s at once, and closes the connection", async (_what, request, status) => {
    const client = await rawSocket(Number(new URL(server.url).port));
    client.send(request);
    expect(await client.closed()).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  it.each(["/", "/api/config", "/nothing"])("answers a request to upgrade %s as if it had not asked", async (path) => {
    const client = await rawSocket(Number(new URL(server.url).port));
    client.send(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
    await expect.poll(client.received, { timeout: 10_000 }).toMatch(/^HTTP\/1.1 (200|404) /);
    client.socket.destroy();
  });

  it.each([
    "/_next/nothing",
    "/_next/static/nothing.js",
    "/favicon.ico",
    "/api/nothing",
    "/%E0%A4%A",
    "/api/auth/nothing",
  ])("gives its error at %s a policy that lets nothing run", async (path) => {
    const response = await fetch(server.url + path);
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.headers.get("content-security-policy")).toMatch(/^default-src 'none'/);
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  });

  it.each([
    ["br", 3.5],
    ["gzip", 3],
  ])(
    "serves scripts and style sheets compressed by %s, with the headers of the file itself",
    async (encoding, factor) => {
      const html = await (await fetch(`${server.url}/sign-in`)).text();
      const paths = new Set(
        [...html.matchAll(/"(\/_next\/static\/[^"]+\.(?:js|css))"/g)].map(([, path]) => path ?? ""),
      );
      expect(paths.size).toBeGreaterThan(3);
      const sizes = { plain: 0, sent: 0 };
      for (const path of paths) {
        const plain = await fetch(server.url + path, { headers: { "accept-encoding": "identity" } });
        const packed = await fetch(server.url + path, { headers: { "accept-encoding": encoding } });
        for (const name of ["content-type", "cache-control", "x-content-type-options", "referrer-policy"]) {
          expect(packed.headers.get(name), `${name} of ${path}`).toBe(plain.headers.get(name));
        }
        const text = await plain.text();
        // `fetch` has decoded it.
        expect(await packed.text()).toBe(text);
        if (packed.headers.get("content-encoding") === null) continue;
        expect(packed.headers.get("vary")).toContain("accept-encoding");
        sizes.plain += text.length;
        sizes.sent += Number(packed.headers.get("content-length"));
      }
      expect(sizes.plain / sizes.sent).toBeGreaterThan(factor);
    },
  );

  it("has no image optimizer", async () => {
    const response = await fetch(`${server.url}/_next/image?url=%2Ficon.svg&w=64&q=75`);
    expect(response.status).toBe(404);
  });

  it("streams an answer chunk by chunk, even to a browser that accepts compression", async () => {
    let next: () => void = () => {};
    respond = (_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).write("data: 1\n\n");
      next = () => response.end("data: 2\n\n");
    };
    const response = await chat();
    expect(response.headers.get("content-encoding")).toBeNull();
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toBe("data: 1\n\n");
    next();
    expect((await reader.read()).value).toBe("data: 2\n\n");
  });

  it("cancels the API's work when the browser disconnects", async () => {
    const abort = new AbortController();
    const closed = new Promise<void>((resolve) => {
      respond = (_request, response) => {
        response.once("close", resolve);
        response.writeHead(200, { "content-type": "text/event-stream" }).write("data: 1\n\n");
      };
    });
    const response = await chat({ signal: abort.signal });
    await response.body!.getReader().read();
    abort.abort();
    await closed;
  });

  it("exposes the same routes as in the tests of the routes", async () => {
    for (const path of [
      "/api/auth/token",
      "/api/auth/list-sessions",
      "/api/internal",
      "/api/me%2f..%2fx",
      "/oauth2/token",
    ]) {
      expect([path, (await fetch(server.url + path, { headers: { cookie } })).status]).toEqual([path, 404]);
    }
    const keys = (await (await fetch(`${server.url}/api/auth/jwks`)).json()) as { keys: unknown[] };
    expect(keys.keys).toHaveLength(1);
  });
});

describe("the process of the built server", () => {
  it("finishes running answers after SIGTERM, keeps no connection alive, and exits with 0", async () => {
    let finish: () => void = () => {};
    respond = (_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).write("data: 1\n\n");
      finish = () => response.end("data: 2\n\n");
    };
    const running = await chat();
    const reader = running.body!.pipeThrough(new TextDecoderStream()).getReader();
    await reader.read();

    // None of these may hold the end up.
    const port = Number(new URL(server.url).port);
    const sockets = await Promise.all(Array.from({ length: 4 }, () => rawSocket(port)));
    sockets[1]!.send("GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ");
    sockets[2]!.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    sockets[3]!.send("POST /api/auth/sign-in/email HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{");

    server.process.kill("SIGTERM");
    const ready = () => fetch(`${server.healthUrl}/readyz`).then((response) => response.status);
    while ((await ready()) === 200) await sleep(20);
    const late = await fetch(`${server.url}/api/config`);
    expect([late.status, late.headers.get("connection")]).toEqual([200, "close"]);

    finish();
    expect((await reader.read()).value).toBe("data: 2\n\n");
    expect(await server.exited).toEqual([0, null]);
    expect(server.output()).not.toMatch(/eyJ|Error:/);
    // What Next.js prints must be lines of the log as well.
    const lines = server.output().trimEnd().split("\n");
    expect(lines.filter((line) => !line.startsWith("{"))).toEqual([]);
    expect(lines.map((line) => JSON.parse(line).msg)).toContainEqual(expect.stringContaining("Next.js"));
  });

  it("lists every problem of a wrong environment and exits with 1", async () => {
    const broken = await startBuilt({ BETTER_AUTH_SECRET: "short", DATABASE_URL: "postgres://localhost/x" });
    expect((await broken.exited)[0]).toBe(1);
    expect(broken.output()).toMatch(/BETTER_AUTH_SECRET: is shorter than 32/);
    expect(broken.output()).toMatch(/EXCHANGE_CLIENT_SECRET: is missing/);
    expect(broken.output()).not.toContain("    at ");
  });

  it("exits with 1 and says why when the initial user's password is easy to guess", async () => {
    const empty = await createTestDatabase();
    const broken = await startBuilt({
      DATABASE_URL: empty.authUrl,
      BETTER_AUTH_SECRET: empty.authSecret,
      EXCHANGE_CLIENT_SECRET: CLIENT_SECRET,
      API_URL: "http://127.0.0.1:9",
      INITIAL_USER_EMAIL: "owner@example.test",
      INITIAL_USER_PASSWORD: "Password123",
    });
    expect((await broken.exited)[0]).toBe(1);
    expect(broken.output()).toContain("INITIAL_USER_PASSWORD: This password is easy to guess.");
    expect(broken.output()).not.toContain("Password123");
    await empty.drop();
  });
});

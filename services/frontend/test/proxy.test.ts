import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { decodeJwt } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { newFrontend, PUBLIC_URL, signOut, signUp, startFrontend, type TestFrontend, type TestUser } from "./setup.ts";

const TRUSTED = "https://other.tasks.test";

/** Stands where the API would: records what arrives and answers as the test says. */
let api: Server;
let respond: (request: IncomingMessage, response: ServerResponse) => void;
let seen: IncomingMessage[] = [];
let frontend: TestFrontend;
let user: TestUser;

beforeAll(async () => {
  api = createServer((request, response) => {
    seen.push(request);
    respond(request, response);
  });
  api.listen(0, "127.0.0.1");
  await once(api, "listening");
  const { port } = api.address() as AddressInfo;
  frontend = await startFrontend({ API_URL: `http://127.0.0.1:${port}`, TRUSTED_ORIGINS: TRUSTED });
  user = await signUp(frontend.app);
});
afterEach(() => {
  seen = [];
});
afterAll(async () => {
  api?.closeAllConnections();
  api?.close();
  await frontend?.close();
});

const ok = (_request: IncomingMessage, response: ServerResponse) => void response.end("{}");

function ask(method: string, path: string, init: RequestInit & { headers?: Record<string, string> } = {}) {
  const headers = { cookie: user.cookie, ...(method === "GET" ? {} : { origin: PUBLIC_URL }), ...init.headers };
  const duplex = init.body instanceof ReadableStream ? { duplex: "half" } : {};
  return frontend.app.routes.api(new Request(`${PUBLIC_URL}${path}`, { method, ...init, ...duplex, headers }));
}

describe("what is passed on", () => {
  const task = "/api/AbCdEfGhIjKlMnOpQrStUvWxYz012345/tasks/t_7k2p9d4m1x0a";

  it("is the API's surface", async () => {
    respond = ok;
    const surface: [string, string][] = [
      ["POST", "/api/chat"],
      ["GET", "/api/conversations"],
      ["GET", "/api/conversations/2f0e7f3e-4c1b-4a55-9d8b-0c7c0e6a1b11"],
      ["DELETE", "/api/conversations/2f0e7f3e-4c1b-4a55-9d8b-0c7c0e6a1b11"],
      ["GET", "/api/me"],
      ["GET", "/api/openapi.json"],
      ["GET", `${task.replace(/\/[^/]+$/, "")}?status=open&limit=5`],
      ["POST", task.replace(/\/[^/]+$/, "")],
      ["GET", task],
      ["PATCH", task],
      ["DELETE", task],
    ];
    for (const [method, path] of surface) expect([path, (await ask(method, path)).status]).toEqual([path, 200]);
    expect(seen.map((request) => [request.method, request.url])).toEqual(surface);
  });

  it.each([
    ["GET", "/api/chat", 405],
    ["PUT", task, 405],
    ["DELETE", "/api/me", 405],
    ["GET", "/api", 404],
    ["GET", "/api/admin", 404],
    ["GET", "/api/x/tasks/../../internal", 404],
    ["GET", "/api/x/tasks/%2e%2e%2finternal", 404],
    ["GET", "/api/x/tasks/a/b", 404],
    ["GET", "/api/me/", 404],
    ["GET", "/api/%6de", 404],
    ["POST", "/oauth2/token", 404],
    ["GET", "/metrics", 404],
  ])("is not %s %s", async (method, path, status) => {
    respond = ok;
    const response = await ask(method, path);
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(seen).toEqual([]);
  });
});

describe("who may ask", () => {
  it("refuses who is not signed in, in the shape of a problem", async () => {
    respond = ok;
    const gone = await signUp(frontend.app, "Gone");
    await ask("GET", "/api/me", { headers: { cookie: gone.cookie } });
    await signOut(frontend.app, gone);
    seen = [];
    for (const cookie of ["", gone.cookie, "taskassistant-3000.session_token=forged.signature"]) {
      const response = await ask("GET", "/api/me", { headers: { cookie, "x-request-id": "abc" } });
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ code: "unauthorized", status: 401, request_id: "abc" });
    }
    expect(seen).toEqual([]);
  });

  it.each([
    ["no origin", {}],
    ["an opaque origin", { origin: "null" }],
    ["another site", { origin: "https://evil.test" }],
    ["another port", { origin: "http://tasks.test:3001" }],
    ["a longer name", { origin: `${PUBLIC_URL}.evil.test` }],
    ["another scheme", { origin: PUBLIC_URL.replace("http:", "https:") }],
  ])("refuses changes with %s", async (_name, headers: Record<string, string>) => {
    respond = ok;
    for (const [method, path] of [
      ["POST", "/api/chat"],
      ["DELETE", "/api/conversations/1"],
      ["PATCH", "/api/x/tasks/1"],
    ] as const) {
      const request = new Request(PUBLIC_URL + path, { method, headers: { cookie: user.cookie, ...headers } });
      expect((await frontend.app.routes.api(request)).status).toBe(403);
    }
    expect(seen).toEqual([]);
  });

  it("lets a trusted origin make changes", async () => {
    respond = ok;
    expect((await ask("POST", "/api/chat", { headers: { origin: TRUSTED } })).status).toBe(200);
  });
});

describe("headers", () => {
  it("to the API: ours are made, the browser's credentials and forwarding headers stay behind", async () => {
    respond = ok;
    await ask("PATCH", "/api/x/tasks/1", {
      body: "{}",
      headers: {
        authorization: "Bearer stolen",
        "proxy-authorization": "Basic stolen",
        "x-forwarded-for": "203.0.113.1",
        "x-forwarded-host": "evil.test",
        "x-forwarded-proto": "https",
        "x-real-ip": "203.0.113.1",
        forwarded: "for=203.0.113.1",
        "x-user-id": "somebody",
        "content-type": "application/merge-patch+json",
        "if-match": '"3"',
        "x-request-id": "request-1",
      },
    });
    const { headers } = seen[0]!;
    expect(Object.keys(headers).sort()).toEqual([
      "accept",
      "accept-encoding",
      "accept-language",
      "authorization",
      "cache-control",
      "connection",
      "content-type",
      "host",
      "if-match",
      "pragma",
      "sec-fetch-mode",
      "transfer-encoding",
      "user-agent",
      "x-request-id",
    ]);
    expect(headers).toMatchObject({
      "accept-encoding": "identity",
      "content-type": "application/merge-patch+json",
      "if-match": '"3"',
      "x-request-id": "request-1",
    });
    expect(decodeJwt(headers.authorization!.replace("Bearer ", ""))).toMatchObject({
      sub: user.id,
      sid: user.sessionId,
      aud: `${PUBLIC_URL}/api`,
      client_id: "browser",
    });
  });

  it("to the browser: no cookie, no CORS, no token, nothing stored", async () => {
    respond = (_request, response) => {
      response.writeHead(201, {
        "content-type": "application/json",
        "set-cookie": "a=b",
        "access-control-allow-origin": "*",
        "x-powered-by": "something",
        location: "/api/x/tasks/t_1",
        etag: '"1"',
      });
      response.end('{"id":"t_1"}');
    };
    const response = await ask("POST", "/api/x/tasks", { body: "{}" });
    expect(response.status).toBe(201);
    expect(Object.fromEntries(response.headers)).toEqual({
      "cache-control": "no-store",
      "content-type": "application/json",
      etag: '"1"',
      location: "/api/x/tasks/t_1",
      "x-request-id": expect.any(String),
    });
    expect(await response.json()).toEqual({ id: "t_1" });
  });

  it("answers without a body and refusals of the API go through as they are", async () => {
    for (const status of [204, 304, 404, 412, 422, 429, 500]) {
      respond = (_request, response) => void response.writeHead(status, { "retry-after": "7" }).end();
      const response = await ask("GET", "/api/me");
      expect([response.status, response.headers.get("retry-after")]).toEqual([status, "7"]);
    }
  });

  it("uses one token for the requests of a session, and another session's never", async () => {
    respond = ok;
    const other = await signUp(frontend.app, "Other");
    await ask("GET", "/api/me");
    await ask("GET", "/api/me", { headers: { cookie: other.cookie } });
    await ask("GET", "/api/me");
    const tokens = seen.map((request) => request.headers.authorization!.replace("Bearer ", ""));
    expect(tokens[0]).toBe(tokens[2]);
    expect(tokens.map((token) => decodeJwt(token).sub)).toEqual([user.id, other.id, user.id]);
  });
});

describe("streams", () => {
  it("passes the answer on chunk by chunk and forbids others to hold it back", async () => {
    let next: () => void = () => {};
    respond = (_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream", "x-vercel-ai-ui-message-stream": "v1" });
      response.write("data: 1\n\n");
      next = () => response.end("data: 2\n\n");
    };
    const response = await ask("POST", "/api/chat", { body: "{}" });
    expect(response.headers.get("cache-control")).toBe("no-cache, no-transform");
    expect(response.headers.get("x-accel-buffering")).toBe("no");
    expect(response.headers.get("x-vercel-ai-ui-message-stream")).toBe("v1");
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    // The second chunk is written only once the first has arrived: a proxy that collects would wait for ever.
    expect((await reader.read()).value).toBe("data: 1\n\n");
    next();
    expect((await reader.read()).value).toBe("data: 2\n\n");
    expect((await reader.read()).done).toBe(true);
  });

  it("passes the request's body on chunk by chunk", async () => {
    const arrived: string[] = [];
    let first: () => void = () => {};
    const firstArrived = new Promise<void>((resolve) => {
      first = resolve;
    });
    respond = (request, response) => {
      request.setEncoding("utf8").on("data", (chunk: string) => {
        arrived.push(chunk);
        first();
      });
      request.on("end", () => response.end());
    };
    const body = new ReadableStream({
      start: async (controller) => {
        controller.enqueue(new TextEncoder().encode("one"));
        await firstArrived;
        controller.enqueue(new TextEncoder().encode("two"));
        controller.close();
      },
    });
    await ask("POST", "/api/chat", { body });
    expect(arrived).toEqual(["one", "two"]);
  });

  it("passes no body on that is larger than the API takes, announced or not", async () => {
    respond = (request, response) => void request.resume().on("end", () => response.end());
    const chunk = new Uint8Array(16 * 1024);
    const body = (chunks: number) =>
      new ReadableStream({
        pull: (controller) => {
          if (chunks === 0) return controller.close();
          chunks -= 1;
          controller.enqueue(chunk);
        },
      });
    expect((await ask("POST", "/api/chat", { body: body(10) })).status).toBe(200);
    for (const headers of [{}, { "content-length": String(11 * chunk.length) }]) {
      const response = await ask("POST", "/api/chat", { body: body(11), headers });
      expect([response.status, response.headers.get("connection")]).toEqual([413, "close"]);
      expect(await response.json()).toMatchObject({ code: "payload_too_large" });
    }
  });

  it("ends the API's work when the browser goes away, before and during the answer", async () => {
    for (const answered of [false, true]) {
      const closed = new Promise<void>((resolve) => {
        respond = (_request, response) => {
          response.once("close", resolve);
          if (answered) response.writeHead(200, { "content-type": "text/event-stream" }).write("data: 1\n\n");
          else abort.abort();
        };
      });
      const abort = new AbortController();
      const response = await ask("POST", "/api/chat", { body: "{}", signal: abort.signal });
      if (answered) {
        await response.body!.getReader().read();
        abort.abort();
      }
      await closed;
    }
  });
});

describe("when the API fails", () => {
  it("says in plain words that it can't be reached", async () => {
    const lonely = newFrontend(frontend.database, { API_URL: "http://127.0.0.1:9" });
    try {
      const request = new Request(`${PUBLIC_URL}/api/me`, { headers: { cookie: user.cookie, "x-request-id": "r-1" } });
      const response = await lonely.routes.api(request);
      expect(response.status).toBe(502);
      expect(response.headers.get("retry-after")).toBe("2");
      expect(await response.json()).toEqual({
        type: "urn:taskassistant:problem:unavailable",
        title: "Bad Gateway",
        status: 502,
        code: "unavailable",
        detail: "The assistant can't be reached right now. Try again in a moment.",
        request_id: "r-1",
      });
    } finally {
      await lonely.close();
    }
  });

  it("says so when sessions can't be looked up", async () => {
    const broken = newFrontend(frontend.database, { DATABASE_URL: "postgres://nobody:x@127.0.0.1:9/none" });
    try {
      const response = await broken.routes.api(
        new Request(`${PUBLIC_URL}/api/me`, { headers: { cookie: user.cookie } }),
      );
      expect([response.status, await response.text()]).toEqual([
        503,
        expect.stringContaining("can't answer right now"),
      ]);
    } finally {
      await broken.close();
    }
  });

  it("tries a GET again when a kept-alive connection turns out to be closed, a change never", async () => {
    respond = (request, response) => (seen.length === 1 ? void request.socket.destroy() : ok(request, response));
    expect((await ask("GET", "/api/me")).status).toBe(200);
    for (const [method, path] of [
      ["POST", "/api/chat"],
      ["DELETE", "/api/conversations/1"],
    ] as const) {
      seen = [];
      expect((await ask(method, path)).status).toBe(502);
      expect(seen).toHaveLength(1);
    }
  });

  it("never follows a redirect of the API with the user's token", async () => {
    respond = (_request, response) => void response.writeHead(307, { location: "http://evil.test/" }).end();
    expect((await ask("GET", "/api/me")).status).toBe(307);
    expect(seen).toHaveLength(1);
  });

  it("passes large bodies whole", async () => {
    const large = "x".repeat(160 * 1024);
    respond = async (request, response) => void response.end((await text(request)).repeat(20));
    expect((await (await ask("POST", "/api/chat", { body: large })).text()).length).toBe(large.length * 20);
  });
});

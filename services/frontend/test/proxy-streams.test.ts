import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newFrontend, PUBLIC_URL } from "./frontend-fixture.ts";
import { ok, type ProxyWorld, startProxy } from "./proxy-harness.ts";

let world: ProxyWorld;
beforeAll(async () => {
  world = await startProxy();
});
afterAll(() => world?.close());

describe("streams", () => {
  it("passes the answer on chunk by chunk and forbids others to hold it back", async () => {
    let next: () => void = () => {};
    world.answer((_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream", "x-vercel-ai-ui-message-stream": "v1" });
      response.write("data: 1\n\n");
      next = () => response.end("data: 2\n\n");
    });
    const response = await world.ask("POST", "/api/chat", { body: "{}" });
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
    world.answer((request, response) => {
      request.setEncoding("utf8").on("data", (chunk: string) => {
        arrived.push(chunk);
        first();
      });
      request.on("end", () => response.end());
    });
    const body = new ReadableStream({
      start: async (controller) => {
        controller.enqueue(new TextEncoder().encode("one"));
        await firstArrived;
        controller.enqueue(new TextEncoder().encode("two"));
        controller.close();
      },
    });
    await world.ask("POST", "/api/chat", { body });
    expect(arrived).toEqual(["one", "two"]);
  });

  it("passes no body on that is larger than the API takes, announced or not", async () => {
    world.answer((request, response) => void request.resume().on("end", () => response.end()));
    const chunk = new Uint8Array(16 * 1024);
    const body = (chunks: number) =>
      new ReadableStream({
        pull: (controller) => {
          if (chunks === 0) return controller.close();
          chunks -= 1;
          controller.enqueue(chunk);
        },
      });
    expect((await world.ask("POST", "/api/chat", { body: body(10) })).status).toBe(200);
    for (const headers of [{}, { "content-length": String(11 * chunk.length) }]) {
      const response = await world.ask("POST", "/api/chat", { body: body(11), headers });
      expect([response.status, response.headers.get("connection")]).toEqual([413, "close"]);
      expect(await response.json()).toMatchObject({ code: "payload_too_large" });
    }
  });

  it("ends the API's work when the browser goes away, before and during the answer", async () => {
    for (const answered of [false, true]) {
      const closed = new Promise<void>((resolve) => {
        world.answer((_request, response) => {
          response.once("close", resolve);
          if (answered) response.writeHead(200, { "content-type": "text/event-stream" }).write("data: 1\n\n");
          else abort.abort();
        });
      });
      const abort = new AbortController();
      const response = await world.ask("POST", "/api/chat", { body: "{}", signal: abort.signal });
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
    const lonely = newFrontend(world.database, { API_URL: "http://127.0.0.1:9" });
    try {
      const request = new Request(`${PUBLIC_URL}/api/me`, {
        headers: { cookie: world.user.cookie, "x-request-id": "r-1" },
      });
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
    const broken = newFrontend(world.database, { DATABASE_URL: "postgres://nobody:x@127.0.0.1:9/none" });
    try {
      const response = await broken.routes.api(
        new Request(`${PUBLIC_URL}/api/me`, { headers: { cookie: world.user.cookie } }),
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
    const cutFirst: typeof ok = (request, response) =>
      world.seen.length === 1 ? void request.socket.destroy() : ok(request, response);
    world.answer(cutFirst);
    expect((await world.ask("GET", "/api/me")).status).toBe(200);
    for (const [method, path] of [
      ["POST", "/api/chat"],
      ["DELETE", "/api/conversations/1"],
    ] as const) {
      world.answer(cutFirst);
      expect((await world.ask(method, path)).status).toBe(502);
      expect(world.seen).toHaveLength(1);
    }
  });

  it("never follows a redirect of the API with the user's token", async () => {
    world.answer((_request, response) => void response.writeHead(307, { location: "http://evil.test/" }).end());
    expect((await world.ask("GET", "/api/me")).status).toBe(307);
    expect(world.seen).toHaveLength(1);
  });

  it("passes large bodies whole", async () => {
    const large = "x".repeat(160 * 1024);
    world.answer(async (request, response) => void response.end((await text(request)).repeat(20)));
    expect((await (await world.ask("POST", "/api/chat", { body: large })).text()).length).toBe(large.length * 20);
  });
});

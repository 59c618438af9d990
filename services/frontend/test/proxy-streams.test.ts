import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newFrontend, PUBLIC_URL } from "./frontend-fixture.ts";
import { ok, type ProxyHarness, startProxy } from "./proxy-harness.ts";

let harness: ProxyHarness;
beforeAll(async () => {
  harness = await startProxy();
});
afterAll(() => harness?.close());

describe("streams through the proxy", () => {
  it("forward the answer chunk by chunk and forbid buffering", async () => {
    let next: () => void = () => {};
    harness.answer((_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream", "x-vercel-ai-ui-message-stream": "v1" });
      response.write("data: 1\n\n");
      next = () => response.end("data: 2\n\n");
    });
    const response = await harness.ask("POST", "/api/chat", { body: "{}" });
    expect(response.headers.get("cache-control")).toBe("no-cache, no-transform");
    expect(response.headers.get("x-accel-buffering")).toBe("no");
    expect(response.headers.get("x-vercel-ai-ui-message-stream")).toBe("v1");
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    // The second chunk is written only once the first has arrived: a proxy that buffers would wait without end.
    expect((await reader.read()).value).toBe("data: 1\n\n");
    next();
    expect((await reader.read()).value).toBe("data: 2\n\n");
    expect((await reader.read()).done).toBe(true);
  });

  it("forward the request's body chunk by chunk", async () => {
    const arrived: string[] = [];
    let first: () => void = () => {};
    const firstArrived = new Promise<void>((resolve) => {
      first = resolve;
    });
    harness.answer((request, response) => {
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
    await harness.ask("POST", "/api/chat", { body });
    expect(arrived).toEqual(["one", "two"]);
  });

  it("end with a refusal when the body is larger than the API accepts, announced or not", async () => {
    harness.answer((request, response) => void request.resume().on("end", () => response.end()));
    const chunk = new Uint8Array(16 * 1024);
    const body = (chunks: number) =>
      new ReadableStream({
        pull: (controller) => {
          if (chunks === 0) return controller.close();
          chunks -= 1;
          controller.enqueue(chunk);
        },
      });
    expect((await harness.ask("POST", "/api/chat", { body: body(10) })).status).toBe(200);
    for (const headers of [{}, { "content-length": String(11 * chunk.length) }]) {
      const response = await harness.ask("POST", "/api/chat", { body: body(11), headers });
      expect([response.status, response.headers.get("connection")]).toEqual([413, "close"]);
      expect(await response.json()).toMatchObject({ code: "payload_too_large" });
    }
  });

  it("cancel the API's work when the browser disconnects, before and during the answer", async () => {
    for (const answered of [false, true]) {
      const closed = new Promise<void>((resolve) => {
        harness.answer((_request, response) => {
          response.once("close", resolve);
          if (answered) response.writeHead(200, { "content-type": "text/event-stream" }).write("data: 1\n\n");
          else abort.abort();
        });
      });
      const abort = new AbortController();
      const response = await harness.ask("POST", "/api/chat", { body: "{}", signal: abort.signal });
      if (answered) {
        await response.body!.getReader().read();
        abort.abort();
      }
      await closed;
    }
  });
});

describe("the proxy during a failure", () => {
  it("answers 502 in plain words when the API can't be reached", async () => {
    const lonely = newFrontend(harness.database, { API_URL: "http://127.0.0.1:9" });
    try {
      const request = new Request(`${PUBLIC_URL}/api/me`, {
        headers: { cookie: harness.user.cookie, "x-request-id": "018f3c1e-7f2a-4b6c-9d10-5a7e3b2c4d6f" },
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
        request_id: "018f3c1e-7f2a-4b6c-9d10-5a7e3b2c4d6f",
      });
    } finally {
      await lonely.close();
    }
  });

  it("answers 503 in plain words when sessions can't be looked up", async () => {
    const broken = newFrontend(harness.database, { DATABASE_URL: "postgres://nobody:x@127.0.0.1:9/none" });
    try {
      const response = await broken.routes.api(
        new Request(`${PUBLIC_URL}/api/me`, { headers: { cookie: harness.user.cookie } }),
      );
      expect([response.status, await response.text()]).toEqual([
        503,
        expect.stringContaining("can't answer right now"),
      ]);
    } finally {
      await broken.close();
    }
  });

  it("retries a GET when a kept-alive connection turns out to be closed, and never a change", async () => {
    const cutFirst: typeof ok = (request, response) =>
      harness.seen.length === 1 ? void request.socket.destroy() : ok(request, response);
    harness.answer(cutFirst);
    expect((await harness.ask("GET", "/api/me")).status).toBe(200);
    for (const [method, path] of [
      ["POST", "/api/chat"],
      ["DELETE", "/api/conversations/1"],
    ] as const) {
      harness.answer(cutFirst);
      expect((await harness.ask(method, path)).status).toBe(502);
      expect(harness.seen).toHaveLength(1);
    }
  });

  it("does not follow a redirect of the API with the user's token", async () => {
    harness.answer((_request, response) => void response.writeHead(307, { location: "http://evil.test/" }).end());
    expect((await harness.ask("GET", "/api/me")).status).toBe(307);
    expect(harness.seen).toHaveLength(1);
  });

  it("forwards large bodies completely", async () => {
    const large = "x".repeat(160 * 1024);
    harness.answer(async (request, response) => void response.end((await text(request)).repeat(20)));
    expect((await (await harness.ask("POST", "/api/chat", { body: large })).text()).length).toBe(large.length * 20);
  });
});

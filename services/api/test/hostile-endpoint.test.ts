import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createBudget } from "@taskassistant/kit/guard";
import { afterEach, expect, test } from "vitest";
import { createChatCompletionsDriver } from "../src/agent/model/chat-completions/driver.ts";
import { createFloodPauses } from "../src/agent/model/chat-completions/flood-pauses.ts";
import { receive } from "../src/agent/model/chat-completions/receive.ts";
import { ModelError } from "../src/agent/model/errors.ts";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** One model call to an endpoint that behaves as given; the text it gave. */
async function answerOf(
  listener: RequestListener,
  limits: { firstTimeoutMs?: number; idleTimeoutMs?: number } = {},
): Promise<string> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  const driver = createChatCompletionsDriver({
    baseURL: `http://127.0.0.1:${(started.address() as AddressInfo).port}/v1`,
    apiKey: "sk-very-secret",
    model: "m",
    firstTimeoutMs: 30_000,
    idleTimeoutMs: 30_000,
    maxRetries: 0,
    ...limits,
  });
  const request = {
    messages: [{ role: "user" as const, content: "x" }],
    tools: [],
    signal: new AbortController().signal,
  };
  let text = "";
  for await (const event of driver.ask(request)) if (event.type === "text") text += event.delta;
  return text;
}

/** What such a call threw. */
function failureOf(...call: Parameters<typeof answerOf>): Promise<ModelError> {
  return answerOf(...call).then(
    () => {
      throw new Error("the call did not fail");
    },
    (error) => {
      expect(error).toBeInstanceOf(ModelError);
      return error as ModelError;
    },
  );
}

/** Sends the same over and over, as fast as it is taken, up to `max` bytes; tells how much went out. */
function flood(piece: string, max: number, status: number) {
  const sent = { bytes: 0 };
  const listener: RequestListener = (_request, response) => {
    response.writeHead(status, { "content-type": status === 200 ? "text/event-stream" : "text/plain" });
    const more = () => {
      while (!response.destroyed && sent.bytes < max) {
        sent.bytes += piece.length;
        if (!response.write(piece)) return void response.once("drain", more);
      }
      if (!response.destroyed) response.end();
    };
    more();
  };
  return { sent, listener };
}

test("an endless answer is cut off after some megabytes", async () => {
  const { sent, listener } = flood(`: ${"x".repeat(65_000)}\n\n`, 64 * 1024 * 1024, 200);
  const error = await failureOf(listener);
  expect([error.code, error.message]).toEqual(["model_unavailable", expect.stringContaining("far too much")]);
  expect(sent.bytes).toBeLessThan(32 * 1024 * 1024);
});

test("only the beginning of an error's body is read, and its status still counts", async () => {
  const { sent, listener } = flood("x".repeat(65_000), 64 * 1024 * 1024, 401);
  expect((await failureOf(listener)).code).toBe("model_key_invalid");
  expect(sent.bytes).toBeLessThan(16 * 1024 * 1024);
});

test("a redirect of the model endpoint is not followed", async () => {
  const paths: (string | undefined)[] = [];
  const error = await failureOf((request, response) => {
    paths.push(request.url);
    response.writeHead(307, { location: "/elsewhere" }).end();
  });
  expect(error.code).toBe("model_unavailable");
  expect(paths).toEqual(["/v1/chat/completions"]);
});

test("the log gets the status, the code, the request id and the message of an error, without the key", async () => {
  const error = await failureOf((_request, response) => {
    response.writeHead(401, { "content-type": "application/json", "x-request-id": "req_42" });
    const inner = { message: "Incorrect API key provided: sk-very-secret", param: "sk-very-secret" };
    response.end(JSON.stringify({ error: { ...inner, type: "sk-very-secret", code: "invalid_api_key" } }));
  });
  expect(error.cause).toEqual({
    type: "ProviderError",
    kind: "key",
    status: 401,
    code: "invalid_api_key",
    provider_request_id: "req_42",
    provider_message: "Incorrect API key provided: [redacted]",
  });
});

test.each([
  ["a code that quotes the key", 401, JSON.stringify({ error: { code: "sk-very-secret" } })],
  ["a body that is no JSON", 500, "sk-very-secret"],
  ["an error within the stream", 200, `data: ${JSON.stringify({ error: { message: "sk-very-secret" } })}\n\n`],
])("the log gets nothing of %s", async (_name, status, body) => {
  const error = await failureOf((_request, response) => {
    response.writeHead(status, { "content-type": status === 200 ? "text/event-stream" : "application/json" }).end(body);
  });
  expect(error.cause).toHaveProperty("type");
  expect(JSON.stringify(error.cause)).not.toContain("sk-very-secret");
  expect(error.cause).not.toBeInstanceOf(Error);
});

/** Sends each piece after its pause (milliseconds); the first one is the head of the answer. */
function inTime(...pieces: [pause: number, delta: object | undefined][]): RequestListener {
  return async (_request, response) => {
    for (const [pause, delta] of pieces) {
      await sleep(pause);
      if (delta === undefined) response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
      else response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: null }] })}\n\n`);
    }
    response.end(`data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] })}\n\n`);
  };
}

const WORD = { content: "42" };

test("a silence within an answer may last as long as the limit, and bytes of any kind end it", async () => {
  const thinking = inTime([0, undefined], [0, { role: "assistant", content: "" }], [400, WORD]);
  expect(await answerOf(thinking, { firstTimeoutMs: 20_000, idleTimeoutMs: 10_000 })).toBe("42");
  expect((await failureOf(thinking, { firstTimeoutMs: 20_000, idleTimeoutMs: 100 })).code).toBe("model_timeout");
  const alive: RequestListener = async (request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
    for (let count = 0; count < 12; count++) {
      response.write(": still here\n\n");
      await sleep(150);
    }
    await inTime([0, WORD])(request, response);
  };
  expect(await answerOf(alive, { idleTimeoutMs: 1_500 })).toBe("42");
});

test("a server that sends the head at once still has the whole wait for the first byte", async () => {
  const reading = inTime([0, undefined], [400, WORD]);
  expect(await answerOf(reading, { firstTimeoutMs: 20_000, idleTimeoutMs: 100 })).toBe("42");
  expect((await failureOf(reading, { firstTimeoutMs: 200, idleTimeoutMs: 20_000 })).code).toBe("model_timeout");
});

test("the wait for the head of an answer has a limit of its own", async () => {
  const slow = inTime([900, undefined], [0, WORD]);
  expect((await failureOf(slow, { firstTimeoutMs: 200 })).code).toBe("model_timeout");
});

/** Begins a text that never ends, in pieces of 65,000 letters. */
function endlessLine(max: number) {
  const { sent, listener } = flood("x".repeat(65_000), max, 200);
  const answering: RequestListener = (request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write('data: {"choices":[{"index":0,"delta":{"content":"');
    response.writeHead = () => response;
    listener(request, response);
  };
  return { sent, answering };
}

test("a line that does not end is cut off after a megabyte, since reading it would take several times its size", async () => {
  const error = await failureOf(endlessLine(7_900_000).answering);
  expect([error.code, error.message]).toEqual(["model_unavailable", expect.stringContaining("far too much")]);
});

test("long lines of many answers share one budget, and those beyond it are told to wait", async () => {
  const budget = createBudget({ bytes: 500_000, holdMs: 60_000 });
  const limits = {
    budget,
    firstMs: 10_000,
    idleMs: 10_000,
    graceMs: 0,
    isWhole: () => false,
    pauses: createFloodPauses(),
  };
  const open = () => {
    const line = Promise.withResolvers<void>();
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(Buffer.from(`data: ${"x".repeat(300_000)}`)),
      pull: async (controller) => {
        await line.promise;
        controller.close();
      },
    });
    const payloads = receive(new Response(body), limits);
    return { next: payloads.next(), end: line.resolve };
  };
  const first = open();
  await expect.poll(() => budget.taken()).toBeGreaterThan(300_000);
  await expect(open().next).rejects.toMatchObject({ code: "model_unavailable", retryAfterSeconds: 10 });
  first.end();
  expect((await first.next).done).toBe(true);
  expect(budget.taken()).toBe(0);
});

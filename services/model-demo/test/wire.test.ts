import OpenAI from "openai";
import { afterEach, describe, expect, it } from "vitest";
import type { Step } from "../src/index.ts";
import { type Running, start, tools } from "./harness.ts";

let running: Running | undefined;
afterEach(async () => {
  await running?.listener.stop();
  running = undefined;
});

async function scripted(...steps: Step[]): Promise<Running> {
  running = await start({ respond: () => steps });
  return running;
}

const ask = { model: "demo", messages: [{ role: "user" as const, content: "hi" }], tools };

async function errorOf(promise: Promise<unknown>): Promise<InstanceType<typeof OpenAI.APIError>> {
  const error = await promise.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof OpenAI.APIError)) throw new Error(`expected an APIError, got ${String(error)}`);
  return error;
}

describe("streaming", () => {
  it("a stream opens with the role and sends text in pieces, then the finish reason and the usage", async () => {
    const { client } = await scripted({ type: "text", text: "One two  three\nfour." });
    const chunks = [];
    const stream = await client.chat.completions.create({
      ...ask,
      stream: true,
      stream_options: { include_usage: true },
    });
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks[0]!.choices[0]!.delta).toEqual({ role: "assistant", content: "" });
    const text = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "");
    expect(text.join("")).toBe("One two  three\nfour.");
    expect(text.filter((piece) => piece !== "").length).toBe(4);
    expect(chunks.at(-2)!.choices[0]).toMatchObject({ delta: {}, finish_reason: "stop" });
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 5 } });
    expect(new Set(chunks.map((chunk) => chunk.id)).size).toBe(1);
  });

  it("a stream contains the usage only when the request asks for it", async () => {
    const { client } = await scripted({ type: "text", text: "hello" });
    for await (const chunk of await client.chat.completions.create({ ...ask, stream: true })) {
      expect(chunk).not.toHaveProperty("usage");
      expect(chunk.choices).toHaveLength(1);
    }
  });

  it("a stream splits the arguments of parallel tool calls", async () => {
    const first = { title: "Buy milk, eggs and a very long list of other things", due: "2026-11-26" };
    const { client } = await scripted(
      { type: "tool_call", name: "add_task", arguments: first },
      { type: "tool_call", name: "list_tasks", arguments: {} },
    );
    const deltas = [];
    for await (const chunk of await client.chat.completions.create({ ...ask, stream: true }))
      deltas.push(chunk.choices[0]!);
    expect(deltas[0]!.delta.role).toBe("assistant");
    const pieces = deltas.flatMap((choice) => choice.delta.tool_calls ?? []);
    const ofFirst = pieces.filter((piece) => piece.index === 0);
    expect(ofFirst[0]).toMatchObject({ type: "function", function: { name: "add_task", arguments: "" } });
    expect(ofFirst.length).toBeGreaterThan(4);
    expect(ofFirst.slice(1).every((piece) => piece.id === undefined)).toBe(true);
    expect(JSON.parse(ofFirst.map((piece) => piece.function?.arguments ?? "").join(""))).toEqual(first);
    expect(new Set(pieces.flatMap((piece) => piece.id ?? [])).size).toBe(2);
    expect(deltas.at(-1)!.finish_reason).toBe("tool_calls");
  });
});

describe("in one piece", () => {
  it("an answer in one piece has text, calls, finish reason and usage", async () => {
    const { client } = await scripted({ type: "text", text: "Moment." }, { type: "tool_call", name: "list_tasks" });
    const completion = await client.chat.completions.create(ask);
    expect(completion.object).toBe("chat.completion");
    expect(completion.choices[0]).toMatchObject({
      finish_reason: "tool_calls",
      message: {
        role: "assistant",
        content: "Moment.",
        tool_calls: [{ function: { name: "list_tasks", arguments: "{}" } }],
      },
    });
    expect(completion.usage!.total_tokens).toBe(completion.usage!.prompt_tokens + completion.usage!.completion_tokens);
  });

  it("the same request gets the same answer, and another one gets other ids", async () => {
    const { client } = await scripted({ type: "tool_call", name: "list_tasks" });
    const idsOf = async (content: string) => {
      const completion = await client.chat.completions.create({ ...ask, messages: [{ role: "user", content }] });
      return [completion.id, completion.choices[0]!.message.tool_calls![0]!.id];
    };
    expect(await idsOf("a")).toEqual(await idsOf("a"));
    const [completion, call] = await idsOf("b");
    expect(await idsOf("a")).not.toContain(completion);
    expect(await idsOf("a")).not.toContain(call);
  });
});

describe("a hostile or broken model", () => {
  it("a script can send a foreign user_id, unknown tools and malformed arguments", async () => {
    const { client } = await scripted(
      { type: "tool_call", name: "list_tasks", arguments: { user_id: "someone-else" } },
      { type: "tool_call", name: "drop_database", arguments: {} },
      { type: "tool_call", name: "add_task", arguments: '{"title": "Buy' },
    );
    const { message } = (await client.chat.completions.create(ask)).choices[0]!;
    expect(
      message.tool_calls!.map((call) =>
        call.type === "function" ? [call.function.name, call.function.arguments] : [],
      ),
    ).toEqual([
      ["list_tasks", '{"user_id":"someone-else"}'],
      ["drop_database", "{}"],
      ["add_task", '{"title": "Buy'],
    ]);
  });

  it("a script can break the stream", async () => {
    const { client } = await scripted(
      { type: "text", text: "half an" },
      { type: "break" },
      { type: "text", text: "answer" },
    );
    const received: string[] = [];
    const read = async () => {
      for await (const chunk of await client.chat.completions.create({ ...ask, stream: true })) {
        received.push(chunk.choices[0]?.delta.content ?? "");
      }
    };
    await expect(read()).rejects.toThrow();
    expect(received.join("")).toBe("half an");
    await expect(client.chat.completions.create(ask)).rejects.toThrow();
  });

  it("a script can stall until the client disconnects", async () => {
    const { client } = await scripted(
      { type: "text", text: "wait" },
      { type: "stall" },
      { type: "text", text: "never" },
    );
    const received: string[] = [];
    const gone = new AbortController();
    const stream = await client.chat.completions.create({ ...ask, stream: true }, { signal: gone.signal });
    for await (const chunk of stream) {
      received.push(chunk.choices[0]?.delta.content ?? "");
      if (received.includes("wait")) setTimeout(() => gone.abort(), 50);
    }
    expect(received.join("")).toBe("wait");
  });

  it("the answer continues after a short stall", async () => {
    const { client } = await scripted(
      { type: "text", text: "a " },
      { type: "stall", ms: 5 },
      { type: "text", text: "b" },
    );
    expect((await client.chat.completions.create(ask)).choices[0]!.message.content).toBe("a b");
  });

  it("a script can end for another reason or send garbage", async () => {
    const { client } = await scripted({ type: "text", text: "cut" }, { type: "finish", reason: "length" });
    expect((await client.chat.completions.create(ask)).choices[0]!.finish_reason).toBe("length");
    await running!.listener.stop();
    const garbage = await scripted({ type: "raw", data: "{not json" });
    const read = async () => {
      for await (const _ of await garbage.client.chat.completions.create({ ...ask, stream: true }));
    };
    await expect(read()).rejects.toThrow();
  });

  it.each([
    [401, { code: "invalid_api_key" }, {}],
    [429, { code: "rate_limit_exceeded" }, { "retry-after": "7" }],
    [500, {}, {}],
  ])("a script can answer %i", async (status, extra, headers) => {
    const { client } = await scripted({ type: "error", status, message: "scripted", headers, ...extra });
    for (const stream of [true, false]) {
      const error = await errorOf(client.chat.completions.create({ ...ask, stream }));
      expect(error.status).toBe(status);
      expect(error.message).toContain("scripted");
      for (const [name, value] of Object.entries(headers)) expect(error.headers!.get(name)).toBe(value);
    }
  });
});

describe("requests", () => {
  it("a request for another model gets 404", async () => {
    const { client } = await scripted();
    const error = await errorOf(client.chat.completions.create({ ...ask, model: "gpt-9" }));
    expect(error).toMatchObject({ status: 404, code: "model_not_found" });
    expect((await errorOf(client.models.retrieve("gpt-9"))).status).toBe(404);
  });

  it.each([
    ["no messages", { model: "demo", messages: [] }],
    ["no model", { messages: [{ role: "user", content: "hi" }] }],
    ["several choices", { ...ask, n: 2 }],
    ["an unknown role", { model: "demo", messages: [{ role: "king", content: "hi" }] }],
  ])("a request with %s gets 400", async (_, body) => {
    const { listener } = await scripted();
    const response = await fetch(`${listener.url}/v1/chat/completions`, { method: "POST", body: JSON.stringify(body) });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { type: "invalid_request_error", message: expect.any(String) },
    });
  });

  it("a request that is not JSON, is too large or has an unknown path is refused", async () => {
    const { listener } = await scripted();
    const post = (body: string) => fetch(`${listener.url}/v1/chat/completions`, { method: "POST", body });
    expect((await post("{")).status).toBe(400);
    expect((await post("x".repeat(5 * 1024 * 1024))).status).toBe(413);
    expect((await fetch(`${listener.url}/v1/embeddings`, { method: "POST" })).status).toBe(404);
  });

  it("the server lists its models and reports its health", async () => {
    const { client, listener } = await scripted();
    expect((await client.models.list()).data.map((model) => model.id)).toEqual(["demo"]);
    expect((await client.models.retrieve("demo")).id).toBe("demo");
    for (const path of ["/livez", "/readyz"]) expect((await fetch(listener.url + path)).status).toBe(200);
  });

  it("a request needs one of the accepted keys, which are read with each request", async () => {
    let keys = ["sk-new", "sk-test"];
    running = await start({ apiKeys: () => keys });
    await running.client.models.list();
    keys = ["sk-new"];
    expect((await errorOf(running.client.models.list())).status).toBe(401);
    expect((await errorOf(running.client.chat.completions.create(ask))).code).toBe("invalid_api_key");
    expect(running.server.journal).toEqual([]);
  });

  it("the journal keeps the last requests with key and tools and is not published by default", async () => {
    running = await start({ respond: () => [], journalSize: 2 });
    for (const content of ["one", "two", "three"]) {
      await running.client.chat.completions.create({ ...ask, messages: [{ role: "user", content }] });
    }
    expect(running.server.journal.map((entry) => entry.request.messages[0]!.content)).toEqual(["two", "three"]);
    expect(running.server.journal[0]).toMatchObject({ apiKey: "sk-test" });
    expect(running.server.journal[0]!.request.tools!.map((tool) => tool.function.name)).toContain("add_task");
    expect((await fetch(`${running.listener.url}/journal`)).status).toBe(404);
  });
});

import type { UIMessageChunk } from "ai";
import { expect, test } from "vitest";
import { createApi } from "../../../lib/api.ts";
import { toBlocks } from "../message/message-blocks.ts";
import { createChats } from "./chats.ts";

const ID = "0b0c7c52-6f0e-4d0c-9a39-2f6a5f3f2a10";

function stream(...chunks: UIMessageChunk[]): Response {
  const body = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("");
  return new Response(body, {
    headers: { "content-type": "text/event-stream", "x-vercel-ai-ui-message-stream": "v1" },
  });
}

function page(answer: (body: unknown) => Response | Promise<Response>, stored: unknown = null) {
  const seen = { bodies: [] as unknown[], tools: [] as (readonly string[])[], ends: 0, unauthorized: 0 };
  const api = createApi({
    fetch: (async (url: RequestInfo | URL, init?: RequestInit) => {
      if (String(url) !== "/api/chat")
        return stored === null ? new Response(null, { status: 404 }) : Response.json(stored);
      const body: unknown = JSON.parse(String(init?.body));
      seen.bodies.push(body);
      return answer(body);
    }) as typeof fetch,
    onUnauthorized: () => seen.unauthorized++,
  });
  const chats = createChats({
    api,
    timeZone: () => "Europe/Berlin",
    onTool: (ids) => seen.tools.push(ids),
    onRunEnd: () => seen.ends++,
  });
  return { chats, seen, chat: chats.start(ID) };
}

const text = (delta: string): UIMessageChunk[] => [
  { type: "text-start", id: "0" },
  { type: "text-delta", id: "0", delta },
  { type: "text-end", id: "0" },
];

test("the page knows whether an answer is under way, in whichever chat, because leaving would end it", async () => {
  const { promise, resolve } = Promise.withResolvers<Response>();
  const { chats, chat } = page(() => promise);
  chats.start("another");
  expect(chats.isAnswering()).toBe(false);
  const sent = chat.sendMessage({ text: "hello" });
  await expect.poll(chats.isAnswering).toBe(true);
  resolve(stream({ type: "start" }, ...text("Done."), { type: "finish" }));
  await sent;
  expect(chats.isAnswering()).toBe(false);
});

test("only the new message is sent, with conversation and time zone, and the tasks that tools touched are reported", async () => {
  const task = { id: "t_000000000001", title: "Buy milk" };
  const { chat, seen } = page(() =>
    stream(
      { type: "start" },
      { type: "tool-input-available", toolCallId: "1", toolName: "add_task", input: {}, dynamic: true },
      { type: "tool-output-available", toolCallId: "1", output: { task }, dynamic: true },
      ...text("Done."),
      { type: "finish" },
    ),
  );
  await chat.sendMessage({ text: "add buy milk" });
  await chat.sendMessage({ text: "thanks" });
  expect(seen.bodies[1]).toEqual({ message: "thanks", conversation_id: ID, time_zone: "Europe/Berlin" });
  expect(seen.tools[0]).toEqual([task.id]);
  expect(seen.ends).toBe(2);
  expect(chat.status).toBe("ready");
  expect(toBlocks(chat.messages[1]!.parts).map(({ kind }) => kind)).toEqual(["tools", "text"]);
});

test("an answer that just stops is an error, not a complete answer", async () => {
  const { chat } = page(() => stream({ type: "start" }, ...text("Half an ans")));
  await chat.sendMessage({ text: "hello" });
  expect(chat.status).toBe("error");
  expect(chat.error?.message).toMatch(/connection was lost/);
});

test("a lost session is reported, and the same text can be sent again", async () => {
  let signedIn = false;
  const { chat, seen } = page(() =>
    signedIn
      ? stream({ type: "start" }, ...text("Hi."), { type: "finish" })
      : Response.json({ code: "unauthorized" }, { status: 401 }),
  );
  await chat.sendMessage({ text: "hello" });
  expect(chat.status).toBe("error");
  expect(seen.unauthorized).toBe(1);
  signedIn = true;
  await chat.regenerate();
  expect(seen.bodies).toHaveLength(2);
  expect(seen.bodies[1]).toEqual(seen.bodies[0]);
  expect(chat.messages.map(({ role }) => role)).toEqual(["user", "assistant"]);
});

test("after a failure the stored conversation replaces the page's, unless the question is missing there", async () => {
  const failed = () => stream({ type: "start" }, { type: "error", errorText: "The model took too long." });
  const question = { id: crypto.randomUUID(), role: "user", parts: [{ type: "text", text: "hello" }], metadata: {} };
  const reply = { id: crypto.randomUUID(), role: "assistant", parts: [], metadata: { status: "failed" } };
  const kept = page(failed, { id: ID, messages: [question, reply] });
  await kept.chat.sendMessage({ text: "hello" });
  expect(await kept.chats.reconcile(kept.chat)).toBe(true);
  expect(kept.chat.messages.map(({ id }) => id)).toEqual([question.id, reply.id]);

  const lost = page(failed, { id: ID, messages: [] });
  await lost.chat.sendMessage({ text: "hello" });
  expect(await lost.chats.reconcile(lost.chat)).toBe(false);
  expect(lost.chat.messages[0]).toMatchObject({ role: "user", parts: [{ text: "hello" }] });
});

test("a stopped answer keeps its text and is marked as stopped", async () => {
  const { chat } = page(() => {
    const encoder = new TextEncoder();
    const chunks = [
      { type: "start", messageId: "m" },
      { type: "text-start", id: "0" },
      { type: "text-delta", id: "0", delta: "Half" },
    ];
    const body = new ReadableStream({
      start: (controller) =>
        controller.enqueue(encoder.encode(chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join(""))),
    });
    return new Response(body);
  });
  const sent = chat.sendMessage({ text: "hello" });
  while (chat.messages.at(-1)?.parts.at(-1)?.type !== "text" || chat.messages.length < 2)
    await new Promise(setImmediate);
  await chat.stop();
  await sent;
  expect(chat.messages.at(-1)).toMatchObject({ parts: [{ text: "Half" }], metadata: { status: "stopped" } });
});

import { runSql } from "@taskassistant/db/testing";
import { errorText } from "@taskassistant/kit/failures";
import { DefaultChatTransport, readUIMessageStream, type UIMessage, type UIMessageChunk } from "ai";
import type { Harness, TestUser } from "./harness.ts";

/** Sends a request with a JSON body and the user's token. */
export function call(
  h: Harness,
  user: Pick<TestUser, "token"> | undefined,
  method: string,
  path: string,
  options: { body?: unknown; headers?: Record<string, string>; signal?: AbortSignal } = {},
): Promise<Response> {
  return fetch(`${h.url}${path}`, {
    method,
    headers: {
      ...(user === undefined ? {} : { authorization: `Bearer ${user.token}` }),
      ...(options.body === undefined ? {} : { "content-type": "application/json" }),
      ...options.headers,
    },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
}

export type ReadAnswer = {
  /** The message as the AI SDK's own reader assembles it. */
  message: UIMessage<Metadata>;
  chunks: UIMessageChunk[];
  errors: string[];
};
export type Metadata = {
  conversation_id?: string;
  created_at?: string;
  status?: string;
  error?: string;
  code?: string;
  retry_after?: number;
};

/** Asks something and reads the answer with the AI SDK's transport and reader, so that these judge the stream. */
export async function say(
  h: Harness,
  user: TestUser,
  message: string,
  options: { conversationId?: string; timeZone?: string; onChunk?: (chunk: UIMessageChunk) => void } = {},
): Promise<ReadAnswer> {
  const transport = new DefaultChatTransport({
    api: `${h.url}/api/chat`,
    headers: { authorization: `Bearer ${user.token}` },
    prepareSendMessagesRequest: () => ({
      body: {
        message,
        ...(options.conversationId === undefined ? {} : { conversation_id: options.conversationId }),
        ...(options.timeZone === undefined ? {} : { time_zone: options.timeZone }),
      },
    }),
  });
  const stream = await transport.sendMessages({
    trigger: "submit-message",
    chatId: "chat",
    messageId: undefined,
    messages: [],
    abortSignal: undefined,
  });
  const read: { chunks: UIMessageChunk[]; errors: string[]; message: UIMessage<Metadata> | undefined } = {
    chunks: [],
    errors: [],
    message: undefined,
  };
  const watched = stream.pipeThrough(
    new TransformStream<UIMessageChunk, UIMessageChunk>({
      transform: (chunk, controller) => {
        read.chunks.push(chunk);
        options.onChunk?.(chunk);
        controller.enqueue(chunk);
      },
    }),
  );
  const messages = readUIMessageStream<UIMessage<Metadata>>({
    stream: watched,
    onError: (error) => read.errors.push(errorText(error)),
  });
  for await (const state of messages) read.message = state;
  if (read.message === undefined) throw new Error("the stream gave no message");
  return { ...read, message: read.message };
}

/** All text of a message. */
export function textOf(message: { parts: readonly { type: string; text?: string }[] }): string {
  return message.parts.flatMap((part) => (part.type === "text" ? [part.text ?? ""] : [])).join("");
}

/** Everything the database holds, in a comparable form. */
export async function snapshot(h: Harness): Promise<string> {
  const tables = ["task", "project", "tag", "task_tag", "conversation", "message", "audit"];
  const rows = await Promise.all(
    tables.map((table) => runSql(h.database.adminUrl, `select to_jsonb(t) as row from app.${table} t order by 1`)),
  );
  return JSON.stringify(rows.map((result) => result.rows));
}

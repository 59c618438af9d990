import { ROUTES } from "@taskassistant/contracts/routes";
import { DefaultChatTransport, type UIMessageChunk } from "ai";
import type { Api } from "../../../lib/api.ts";
import { words } from "../words.ts";
import { type ChatMessage, textOf } from "./chat-message.ts";

export interface ChatTransportDeps {
  api: Pick<Api, "send">;
  timeZone: () => string;
  /** Called for each piece of an answer, before it is shown. */
  onChunk: (chunk: UIMessageChunk) => void;
}

/** Sends only the new message (the server keeps the history) and reads the answer as an AI SDK UI message stream. */
export class ChatTransport extends DefaultChatTransport<ChatMessage> {
  readonly #onChunk: ChatTransportDeps["onChunk"];

  constructor({ api, timeZone, onChunk }: ChatTransportDeps) {
    super({
      api: ROUTES.sendMessage.path,
      fetch: (input, init) => api.send(String(input), init),
      prepareSendMessagesRequest: ({ api: url, id, messages }) => {
        const last = messages.findLast((message) => message.role === "user");
        const message = last === undefined ? "" : textOf(last);
        return { api: url, body: { message, conversation_id: id, time_zone: timeZone() } };
      },
    });
    this.#onChunk = onChunk;
  }

  protected override processResponseStream(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
    return super.processResponseStream(stream).pipeThrough(honestEnd(this.#onChunk));
  }
}

/** Turns the silent end of a stream (a killed server, a cut connection) into an error, so that it can't pass for an answer. */
export function honestEnd(onChunk: (chunk: UIMessageChunk) => void): TransformStream<UIMessageChunk, UIMessageChunk> {
  let ended = false;
  return new TransformStream({
    transform(chunk, controller) {
      if (chunk.type === "finish" || chunk.type === "abort" || chunk.type === "error") ended = true;
      onChunk(chunk);
      controller.enqueue(chunk);
    },
    flush(controller) {
      if (!ended) controller.enqueue({ type: "error", errorText: words.interrupted });
    },
  });
}

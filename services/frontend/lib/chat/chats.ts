import { Chat } from "@ai-sdk/react";
import type { Api } from "../data/api.ts";
import { ApiError } from "../data/api-error.ts";
import { type ChatMessage, toChatMessage } from "./chat-message.ts";
import { ChatTransport } from "./chat-transport.ts";
import { readToolResult } from "./tool-results.ts";

export type ChatsDeps = {
  api: Api;
  timeZone: () => string;
  /** A tool has run: these tasks were named in its result. */
  onTool: (taskIds: readonly string[]) => void;
  /** A turn is over, well or not: history and tasks may have changed. */
  onTurnEnd: (conversationId: string) => void;
};

/** The open chats of this page. A chat keeps answering while another one is looked at. */
export type Chats = ReturnType<typeof createChats>;

export function createChats(deps: ChatsDeps) {
  const open = new Map<string, Chat<ChatMessage>>();

  const create = (id: string, messages: ChatMessage[]): Chat<ChatMessage> => {
    const transport = new ChatTransport({
      api: deps.api,
      timeZone: deps.timeZone,
      onChunk: (chunk) => {
        if (chunk.type === "tool-output-error") deps.onTool([]);
        if (chunk.type === "tool-output-available") {
          deps.onTool(readToolResult(chunk.output).tasks.flatMap(({ id: taskId }) => (taskId ? [taskId] : [])));
        }
      },
    });
    const chat = new Chat<ChatMessage>({
      id,
      messages,
      transport,
      generateId: () => crypto.randomUUID(),
      onFinish: ({ message, isAbort }) => {
        if (isAbort) chat.messages = withStatus(chat.messages, message.id, "stopped");
        deps.onTurnEnd(id);
      },
    });
    open.set(id, chat);
    return chat;
  };

  return {
    /** The chat when it is already on this page, else null: then `restore` it. */
    peek: (id: string) => open.get(id) ?? null,
    start: (id: string) => open.get(id) ?? create(id, []),
    /** Loads a stored chat. Throws `ApiError` 404 when it does not exist. */
    restore: async (id: string): Promise<Chat<ChatMessage>> => {
      const conversation = await deps.api.conversation(id);
      return open.get(id) ?? create(id, conversation.messages.map(toChatMessage));
    },
    /**
     * After a failed turn: what the server has kept replaces what this page believes, so that a retry neither loses
     * nor doubles anything. Returns whether the server knows the last message of the person.
     */
    reconcile: async (chat: Chat<ChatMessage>): Promise<boolean> => {
      try {
        const stored = (await deps.api.conversation(chat.id)).messages.map(toChatMessage);
        const asked = (messages: readonly ChatMessage[]) => messages.filter(({ role }) => role === "user").length;
        if (asked(stored) < asked(chat.messages)) return false;
        chat.messages = stored;
        return true;
      } catch (error) {
        if (error instanceof ApiError) return false;
        throw error;
      }
    },
    forget: (id: string) => {
      void open.get(id)?.stop();
      open.delete(id);
    },
  };
}

function withStatus(messages: ChatMessage[], id: string, status: "stopped"): ChatMessage[] {
  return messages.map((message) =>
    message.id === id && message.role === "assistant"
      ? { ...message, metadata: { ...message.metadata, status } }
      : message,
  );
}

import { Chat } from "@ai-sdk/react";
import type { Api } from "../../../lib/api.ts";
import { ApiError } from "../../../lib/errors/api-error.ts";
import { type ChatMessage, toChatMessage } from "./chat-message.ts";
import { ChatTransport } from "./chat-transport.ts";
import { createTaskReporter } from "./touched-tasks.ts";

export interface ChatsDeps {
  api: Api;
  timeZone: () => string;
  /** A tool call is over. Its result named these tasks. */
  onTool: (taskIds: readonly string[]) => void;
  /** An answer is over, complete or not. History and tasks may have changed. */
  onRunEnd: (conversationId: string) => void;
}

/** The open chats of this page. A chat continues to answer while the person looks at another one. */
export type Chats = ReturnType<typeof createChats>;

export function createChats(deps: ChatsDeps) {
  const open = new Map<string, Chat<ChatMessage>>();

  function create(id: string, messages: ChatMessage[]): Chat<ChatMessage> {
    const transport = new ChatTransport({
      api: deps.api,
      timeZone: deps.timeZone,
      onChunk: createTaskReporter(deps.onTool),
    });
    const chat = new Chat<ChatMessage>({
      id,
      messages,
      transport,
      generateId: () => crypto.randomUUID(),
      onFinish: ({ message, isAbort }) => {
        if (isAbort) chat.messages = withStatus(chat.messages, message.id, "stopped");
        deps.onRunEnd(id);
      },
    });
    open.set(id, chat);
    return chat;
  }

  /** The chat when it is already on this page, else null. Then call `restore`. */
  function peek(id: string): Chat<ChatMessage> | null {
    return open.get(id) ?? null;
  }

  function start(id: string): Chat<ChatMessage> {
    return open.get(id) ?? create(id, []);
  }

  /** Loads a stored chat. Throws `ApiError` 404 when it does not exist. */
  async function restore(id: string): Promise<Chat<ChatMessage>> {
    const conversation = await deps.api.conversation(id);
    return open.get(id) ?? create(id, conversation.messages.map(toChatMessage));
  }

  /**
   * After a failed answer, replaces what this page shows by what the server has stored, so that a retry neither loses nor
   * doubles anything. Returns whether the server has the person's last message.
   */
  async function reconcile(chat: Chat<ChatMessage>): Promise<boolean> {
    try {
      const stored = (await deps.api.conversation(chat.id)).messages.map(toChatMessage);
      if (questionsIn(stored) < questionsIn(chat.messages)) return false;
      chat.messages = stored;
      return true;
    } catch (error) {
      if (error instanceof ApiError) return false;
      throw error;
    }
  }

  /** Whether an answer is under way. It would end with the page. */
  function isAnswering(): boolean {
    return [...open.values()].some(({ status }) => status === "submitted" || status === "streaming");
  }

  function forget(id: string): void {
    void open.get(id)?.stop();
    open.delete(id);
  }

  return { peek, start, restore, reconcile, isAnswering, forget };
}

function questionsIn(messages: readonly ChatMessage[]): number {
  return messages.filter(({ role }) => role === "user").length;
}

function withStatus(messages: ChatMessage[], id: string, status: "stopped"): ChatMessage[] {
  return messages.map((message) =>
    message.id === id && message.role === "assistant"
      ? { ...message, metadata: { ...message.metadata, status } }
      : message,
  );
}

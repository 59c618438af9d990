import type { ConversationSummary } from "@taskassistant/contracts";
import type { Api } from "../../lib/api.ts";
import { createStore } from "../../lib/store.ts";

export interface ConversationsState {
  status: "loading" | "ready" | "failed";
  error: unknown;
  list: readonly ConversationSummary[];
}

export interface ConversationStoreDeps {
  api: Pick<Api, "conversations" | "deleteConversation">;
  /** The server has deleted this conversation. */
  onRemoved: (id: string) => void;
}

/** The conversations in the navigation. A deletion is shown after the server has done it, not before. */
export type ConversationStore = ReturnType<typeof createConversationStore>;

export function createConversationStore({ api, onRemoved }: ConversationStoreDeps) {
  const { subscribe, getSnapshot, publish } = createStore<ConversationsState>({
    status: "loading",
    error: null,
    list: [],
  });
  let latestRequest = 0;

  async function refresh(): Promise<void> {
    const request = ++latestRequest;
    try {
      const list = await api.conversations();
      if (request === latestRequest) publish({ status: "ready", error: null, list });
    } catch (error) {
      if (request === latestRequest && getSnapshot().status !== "ready") publish({ status: "failed", error });
    }
  }

  async function remove(id: string): Promise<void> {
    await api.deleteConversation(id);
    latestRequest++;
    publish({ list: getSnapshot().list.filter((conversation) => conversation.id !== id) });
    onRemoved(id);
  }

  return { subscribe, getSnapshot, refresh, remove };
}

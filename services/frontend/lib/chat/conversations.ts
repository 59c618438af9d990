import type { ConversationSummary } from "@taskassistant/contracts";
import type { Api } from "../data/api.ts";

export type ConversationsState = {
  status: "loading" | "ready" | "failed";
  error: unknown;
  list: readonly ConversationSummary[];
};

/** The history in the navigation. A deletion is shown after the server has done it, not before. */
export type Conversations = ReturnType<typeof createConversations>;

export function createConversations(api: Pick<Api, "conversations" | "deleteConversation">) {
  const listeners = new Set<() => void>();
  let state: ConversationsState = { status: "loading", error: null, list: [] };
  let asked = 0;

  const publish = (change: Partial<ConversationsState>) => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };

  return {
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getSnapshot: () => state,
    refresh: async (): Promise<void> => {
      const mine = ++asked;
      try {
        const list = await api.conversations();
        if (mine === asked) publish({ status: "ready", error: null, list });
      } catch (error) {
        if (mine === asked && state.status !== "ready") publish({ status: "failed", error });
      }
    },
    remove: async (id: string): Promise<void> => {
      await api.deleteConversation(id);
      asked++;
      publish({ list: state.list.filter((conversation) => conversation.id !== id) });
    },
  };
}

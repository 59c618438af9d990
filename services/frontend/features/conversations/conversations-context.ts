"use client";

import { requiredContext } from "../../lib/required-context.ts";
import { useStore } from "../../lib/store.ts";
import type { ConversationStore, ConversationsState } from "./conversation-store.ts";

const [ConversationsContext, useConversationStore] = requiredContext<ConversationStore>("The conversation store");

export { ConversationsContext, useConversationStore };

/** The conversations as they are now. */
export function useConversations(): ConversationsState {
  return useStore(useConversationStore());
}

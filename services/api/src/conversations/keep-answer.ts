import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "@taskassistant/kit";
import type { ConversationStore } from "./store.ts";

/** Pauses between attempts to store an answer, in milliseconds: a restart of the database is over by then. */
const PAUSES_MS = [200, 1_000, 3_000];

/** Stores the assistant's message, with patience: what it tells of has happened. False when it could not be stored. */
export async function keepAnswer(
  store: Pick<ConversationStore, "addAssistantMessage">,
  conversationId: string,
  message: Parameters<ConversationStore["addAssistantMessage"]>[1],
  log: Logger,
): Promise<boolean> {
  for (let attempt = 0; ; attempt++) {
    try {
      await store.addAssistantMessage(conversationId, message);
      return true;
    } catch (error) {
      const pause = PAUSES_MS[attempt];
      log.error({ err: error, attempt }, "answer not stored");
      if (pause === undefined) return false;
      await sleep(pause);
    }
  }
}

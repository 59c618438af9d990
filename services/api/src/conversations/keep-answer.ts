import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "@taskassistant/kit/process";
import type { ConversationStore, NewAnswer } from "./store.ts";

/** Pauses between attempts to store an answer, in milliseconds. Together they outlast a restart of the database. */
const PAUSES_MS = [200, 1_000, 3_000];

/** Stores an answer and retries, because what the answer tells has happened. Returns false when it could not be stored. */
export async function keepAnswer(
  store: Pick<ConversationStore, "addAnswer">,
  conversationId: string,
  answer: NewAnswer,
  log: Logger,
): Promise<boolean> {
  for (let attempt = 0; ; attempt++) {
    try {
      await store.addAnswer(conversationId, answer);
      return true;
    } catch (error) {
      const pause = PAUSES_MS[attempt];
      log.error({ err: error, attempt }, "answer not stored");
      if (pause === undefined) return false;
      await sleep(pause);
    }
  }
}

import type { Message } from "@taskassistant/contracts";
import type { KeptState } from "./kept-state.ts";

/** A stored message, and what its provider wants back with it. */
export interface HistoryMessage extends Message {
  readonly state?: KeptState | undefined;
}

/** A question and its answer, if there is one. */
export interface Pair {
  readonly question: HistoryMessage;
  answer?: HistoryMessage;
}

/**
 * Pairs each question with its answer. The answer need not follow directly, since runs of one conversation may go on side
 * by side. An answer that does not name its question belongs to the newest question before it that has none.
 */
export function pairsOf(messages: readonly HistoryMessage[]): Pair[] {
  const pairs: Pair[] = [];
  for (const message of messages) {
    if (message.role === "user") {
      pairs.push({ question: message });
      continue;
    }
    const { question_id } = message.metadata;
    const pair = pairs.findLast(({ question, answer }) =>
      question_id === undefined ? answer === undefined : question.id === question_id,
    );
    if (pair !== undefined) pair.answer = message;
  }
  return pairs;
}

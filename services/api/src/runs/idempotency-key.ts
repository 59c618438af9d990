import { createHash } from "node:crypto";

/** What makes a change the same in every attempt at a question. */
export interface Change {
  readonly conversationId: string;
  /** The first of the questions that ask the same again. */
  readonly firstAskedAs: string;
  /** The same for calls that ask for the same. */
  readonly fingerprint: string;
  /** How many calls with this fingerprint have worked before it in this run. */
  readonly ordinal: number;
}

/** The same for the same change in every attempt at a question, and for no other change. */
export function idempotencyKey({ conversationId, firstAskedAs, fingerprint, ordinal }: Change): string {
  const parts = [conversationId, firstAskedAs, fingerprint, ordinal];
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url");
}

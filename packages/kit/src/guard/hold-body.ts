import { createBudget } from "./budget.ts";

/** How long an unfinished body keeps its place, in milliseconds: longer than a request waits for the database. */
const HOLD_MS = 6_000;
/** Bodies below this size, in bytes, are not counted, so that nobody else's keep an ordinary request waiting. */
const SMALL = 4 * 1024;

/** The place of one body, from its first byte until its request is answered. */
export interface BodyPlace {
  /** Resolves when the body has to give way to others because its sender is slow. */
  readonly gaveWay: Promise<void>;
  giveBack(): void;
}

/**
 * A place for the body of a user's request, which may have at most `max` bytes. Undefined when there is none left, or none for
 * this user; then answer 503.
 */
export type HoldBody = (userId: string, headers: Headers, max: number) => BodyPlace | undefined;

/** What all bodies share that are being received or worked on, and those of one user, in bytes. */
export function createHoldBody(limits: { readonly bytes: number; readonly bytesPerUser: number }): HoldBody {
  const budget = createBudget({ bytes: limits.bytes, bytesPerOwner: limits.bytesPerUser, holdMs: HOLD_MS });
  return (userId, headers, max) => {
    const bytes = Math.min(Number(headers.get("content-length") ?? max), max);
    const { promise: gaveWay, resolve } = Promise.withResolvers<void>();
    const giveBack = bytes < SMALL ? () => {} : budget.take(userId, bytes, resolve);
    return giveBack && { gaveWay, giveBack };
  };
}

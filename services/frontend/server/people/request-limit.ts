import type { Pool } from "pg";
import { attemptKey, countAttempt } from "../auth/attempts.ts";

const MAX = 120;
/** How long the requests are counted together, in seconds. */
export const WINDOW_SECONDS = 60;

/** Counts the requests of one administrator. Returns whether there are not too many. */
export function createRequestLimit(pool: Pool): (userId: string) => Promise<boolean> {
  const limit = { max: MAX, windowMs: WINDOW_SECONDS * 1_000, isExtended: false };
  return (userId) => countAttempt(pool, { key: attemptKey("administration", userId), ...limit });
}

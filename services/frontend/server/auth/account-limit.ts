import { retryAfter } from "@taskassistant/kit/fetch";
import { APIError } from "better-auth/api";
import type { Pool } from "pg";
import { attemptKey, countAttempt } from "./attempts.ts";

/** Maximum number of attempts per account and minute, from all addresses together. */
const MAX_ATTEMPTS = 10;
const WINDOW_MS = 60_000;

/** Throws the answer 429 if there were too many attempts of this kind on this account, whose name is not stored itself. */
export type AccountLimit = (kind: AttemptKind, name: string) => Promise<void>;

/** What is counted: sign-ins with an address, and the password that a signed-in person is asked for again. */
type AttemptKind = "account" | "password";

/**
 * Limits attempts at a password per account, in the table of Better Auth's own limit per address, because an attacker can
 * use many addresses. All sign-in attempts on an account share one count, including the owner's. An attacker who keeps
 * trying can therefore keep the owner from signing in (a known limitation; existing sessions continue). A refusal ends one
 * minute after the last attempt that was allowed.
 */
export function createAccountLimit(pool: Pool): AccountLimit {
  return async (kind, name) => {
    if (
      await countAttempt(pool, {
        key: attemptKey(kind, name),
        max: MAX_ATTEMPTS,
        windowMs: WINDOW_MS,
        isExtended: true,
      })
    )
      return;
    throw new APIError(
      "TOO_MANY_REQUESTS",
      {
        code: "TOO_MANY_ATTEMPTS",
        message: "Too many attempts for this account. Wait a minute, then try again.",
      },
      retryAfter(WINDOW_MS / 1_000),
    );
  };
}

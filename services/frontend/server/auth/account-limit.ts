import { createHash } from "node:crypto";
import { retryAfter } from "@taskassistant/kit/fetch";
import { APIError } from "better-auth/api";
import type { Pool } from "pg";

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
    if (await countAttempt(pool, `${kind}|${attemptDigest(name)}`, Date.now())) return;
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

/** The key of the row that counts these attempts: the kind, a bar, and this digest of the name. */
export function attemptDigest(name: string): string {
  return createHash("sha256").update(name).digest("base64url");
}

/** Counts one attempt in a single statement. Returns whether it is within the limit. */
async function countAttempt(pool: Pool, key: string, now: number): Promise<boolean> {
  const { rowCount } = await pool.query(
    `insert into auth."rateLimit" as attempt (id, key, count, "lastRequest") values ($1, $2, 1, $3)
     on conflict (key) do update
       set count = case when attempt."lastRequest" <= $4 then 1 else attempt.count + 1 end, "lastRequest" = $3
       where attempt."lastRequest" <= $4 or attempt.count < $5`,
    [key, key, now, now - WINDOW_MS, MAX_ATTEMPTS],
  );
  return rowCount === 1;
}

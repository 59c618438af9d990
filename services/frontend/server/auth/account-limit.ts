import { createHash } from "node:crypto";
import { APIError, createAuthMiddleware } from "better-auth/api";
import type { Pool } from "pg";

/** Sign-in attempts per account and minute, whatever address they come from. */
const MAX_ATTEMPTS = 10;
const WINDOW_MS = 60_000;

/**
 * Better Auth counts sign-in attempts per address, and an attacker has many addresses. This counts them per account as
 * well, in the same table and for as long as its rows live there. Everybody's attempts share the account's count, the
 * owner's too: who keeps trying wrong passwords can keep the owner from signing in for as long as the tries go on (a
 * known limit; sessions that exist go on). Each refusal ends by itself a minute after the last attempt let through.
 */
export const accountLimit = (pool: Pool) =>
  createAuthMiddleware(async (context) => {
    if (context.path !== "/sign-in/email") return;
    const email: unknown = context.body?.email;
    if (typeof email !== "string") return;
    const key = `account|${createHash("sha256").update(email.trim().toLowerCase()).digest("base64url")}`;
    const allowed = await countAttempt(pool, key, Date.now());
    if (allowed) return;
    throw new APIError(
      "TOO_MANY_REQUESTS",
      { code: "TOO_MANY_ATTEMPTS", message: "Too many attempts for this account. Wait a minute and try again." },
      { "Retry-After": String(WINDOW_MS / 1000) },
    );
  });

/** Counts one attempt, in one statement, and says whether it is within the limit. */
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

import { createHash } from "node:crypto";
import type { Pool } from "pg";

/** What is counted under one key. */
export interface AttemptLimit {
  key: string;
  /** Maximum number within the window. */
  max: number;
  windowMs: number;
  /** Whether each attempt that is allowed begins the window anew; otherwise only the first does. */
  isExtended: boolean;
}

/** The key of the row that counts these attempts: the kind, a bar, and a digest of the name, which is not stored itself. */
export function attemptKey(kind: string, name: string): string {
  return `${kind}|${attemptDigest(name)}`;
}

/** What stands for the name in such a key. */
export function attemptDigest(name: string): string {
  return createHash("sha256").update(name).digest("base64url");
}

/**
 * Counts one attempt in the table of Better Auth's own limits, in a single statement. Returns whether it is within the limit.
 */
export async function countAttempt(pool: Pool, limit: AttemptLimit): Promise<boolean> {
  const { key, max, windowMs, isExtended } = limit;
  const now = Date.now();
  const { rowCount } = await pool.query(
    `insert into auth."rateLimit" as attempt (id, key, count, "lastRequest") values ($1, $2, 1, $3)
     on conflict (key) do update
       set count = case when attempt."lastRequest" <= $4 then 1 else attempt.count + 1 end,
         "lastRequest" = case when $6 or attempt."lastRequest" <= $4 then $3 else attempt."lastRequest" end
       where attempt."lastRequest" <= $4 or attempt.count < $5`,
    [key, key, now, now - windowMs, max, isExtended],
  );
  return rowCount === 1;
}

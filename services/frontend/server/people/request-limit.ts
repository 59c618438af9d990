import { createHash } from "node:crypto";
import type { Pool } from "pg";

const MAX = 120;
/** How long the requests are counted together, in seconds. */
export const WINDOW_SECONDS = 60;

/** Counts the requests of one administrator in the table of Better Auth's limits. Returns whether there are not too many. */
export function createRequestLimit(pool: Pool): (userId: string) => Promise<boolean> {
  return async (userId) => {
    const key = `administration|${createHash("sha256").update(userId).digest("base64url")}`;
    const now = Date.now();
    const { rowCount } = await pool.query(
      `insert into auth."rateLimit" as attempt (id, key, count, "lastRequest") values ($1, $1, 1, $2)
       on conflict (key) do update
         set count = case when attempt."lastRequest" <= $3 then 1 else attempt.count + 1 end,
           "lastRequest" = case when attempt."lastRequest" <= $3 then $2 else attempt."lastRequest" end
         where attempt."lastRequest" <= $3 or attempt.count < $4`,
      [key, now, now - WINDOW_SECONDS * 1_000, MAX],
    );
    return rowCount === 1;
  };
}

import type { Pool } from "pg";
import { attemptDigest } from "../auth/attempts.ts";
import { inTransaction } from "../transaction.ts";

/** A new password, for the session in which it was chosen. */
export interface PasswordChange {
  userId: string;
  sessionId: string;
  /** The hash that the current password was compared with. */
  oldHash: string;
  newHash: string;
  /** Replaces the token of the session. */
  newToken: string;
}

/** What a person may do with their own account, after they have given their password. */
export interface Account {
  /**
   * Sets the password, ends all other sessions, and gives this one another token, so that a stolen cookie ends as well.
   * Returns false if the password has been changed meanwhile; nothing has happened then.
   */
  changePassword(change: PasswordChange): Promise<boolean>;
  /** Deletes the person with everything that is theirs. Only the audit stays, which knows them by a pseudonym. */
  remove(person: { id: string; email: string }): Promise<void>;
}

export function createAccount(pool: Pool): Account {
  return {
    changePassword: ({ userId, sessionId, oldHash, newHash, newToken }) =>
      inTransaction(pool, async (client) => {
        // A session that begins now waits until the password has changed.
        await client.query(`select from auth."user" where id = $1 for no key update`, [userId]);
        const changed = await client.query(
          `update auth.account set password = $3, "updatedAt" = now()
           where "userId" = $1 and "providerId" = 'credential' and password = $2`,
          [userId, oldHash, newHash],
        );
        if (changed.rowCount === 0) return false;
        await client.query(`delete from auth.session where "userId" = $1 and id <> $2`, [userId, sessionId]);
        await client.query(`update auth.session set token = $3 where "userId" = $1 and id = $2`, [
          userId,
          sessionId,
          newToken,
        ]);
        return true;
      }),
    remove: ({ id, email }) =>
      inTransaction(pool, async (client) => {
        // Deletes the person's rows in both schemas: their foreign keys say `on delete cascade`. The statements below delete
        // rows that only hold the address or a digest of it.
        await client.query(`delete from auth."user" where id = $1`, [id]);
        await client.query("delete from auth.link where email = $1", [email]);
        await client.query("delete from auth.verification where value = any($1) or identifier = any($1)", [
          [id, email],
        ]);
        await client.query(`delete from auth."rateLimit" where split_part(key, '|', 2) = any($1)`, [
          [id, email].map(attemptDigest),
        ]);
      }),
  };
}

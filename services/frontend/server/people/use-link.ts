import { generateRandomString } from "better-auth/crypto";
import type { Pool } from "pg";
import { inTransaction } from "../transaction.ts";
import { findOpen, LinkError, markUsed } from "./links.ts";

/** The account that an invitation creates. */
export interface Newcomer {
  name: string;
  /** Ignored if the invitation is for a certain address. */
  email: string;
  passwordHash: string;
}

/** The address of the invitation has an account already. The link can still be used, with another address. */
export class AddressTakenError extends Error {
  override readonly name = "AddressTakenError";
}

/** The person who used a link, and its id. */
export interface LinkUse {
  id: string;
  email: string;
  link: string;
}

/** Uses links. Each method does its work and marks the link as used in one transaction, so that a link works exactly once. */
export interface LinkUses {
  /** Creates an account. Its address is not verified: the administrator knows who got the link, the server doesn't. */
  join(secret: string, newcomer: Newcomer): Promise<LinkUse>;
  /** Sets the person's password and ends all their sessions. */
  setPassword(secret: string, passwordHash: string): Promise<LinkUse>;
}

/** An id as Better Auth makes them for its own rows. */
const newId = () => generateRandomString(32, "a-z", "A-Z", "0-9");

/** Both methods throw `LinkError`. */
export function createLinkUses(pool: Pool): LinkUses {
  return {
    join: (secret, newcomer) =>
      inTransaction(pool, async (client) => {
        const link = await findOpen(client, secret, "invitation", "lock");
        const email = link.email ?? newcomer.email;
        const id = newId();
        const created = await client.query(
          `insert into auth."user" (id, name, email, "emailVerified") values ($1, $2, $3, false)
           on conflict (email) do nothing`,
          [id, newcomer.name, email],
        );
        if (created.rowCount === 0) throw new AddressTakenError();
        await client.query(
          `insert into auth.account (id, "accountId", "providerId", "userId", password, "updatedAt")
           values ($1, $2, 'credential', $2, $3, now())`,
          [newId(), id, newcomer.passwordHash],
        );
        await markUsed(client, secret);
        return { id, email, link: link.id };
      }),
    setPassword: (secret, passwordHash) =>
      inTransaction(pool, async (client) => {
        // Locks the person before the link, in the same order as disabling does, so that the two can't deadlock.
        const { id: link, userId: id } = await findOpen(client, secret, "password");
        const person = await client.query<{ email: string }>(
          `select email from auth."user" where id = $1 and "disabledAt" is null for no key update`,
          [id],
        );
        const email = person.rows[0]?.email;
        if (id === null || email === undefined) throw new LinkError("LINK_REVOKED");
        await findOpen(client, secret, "password", "lock");
        const changed = await client.query(
          `update auth.account set password = $2, "updatedAt" = now()
           where "userId" = $1 and "providerId" = 'credential'`,
          [id, passwordHash],
        );
        if (changed.rowCount === 0) {
          await client.query(
            `insert into auth.account (id, "accountId", "providerId", "userId", password, "updatedAt")
             values ($1, $2, 'credential', $2, $3, now())`,
            [newId(), id, passwordHash],
          );
        }
        await client.query(`delete from auth.session where "userId" = $1`, [id]);
        await markUsed(client, secret);
        return { id, email, link };
      }),
  };
}

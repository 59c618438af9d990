import { sql } from "kysely";
import type { Tx } from "../bind-to-user.ts";

/**
 * Waits until no other change makes, renames or deletes a project or a tag of this user. Each such change, and each that mentions
 * one, calls this before it touches a row: later, it might hold the row that counts them while another holds the name.
 */
export async function lockLabels(tx: Tx, userId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`taskassistant:labels:${userId}`}, 0))`.execute(tx);
}

import { type Kysely, sql } from "kysely";
import type { Migration as KyselyMigration } from "kysely/migration";
import type { RoleNames } from "../roles.ts";

/** One step of the chain. Role names differ per instance, so a step is created for the instance it runs on. */
export type Migration = (instance: { roles: RoleNames }) => KyselyMigration;

/**
 * A step that runs the statements in order. There is no downgrade. A schema also works with the previous release (expand), and
 * what only that release needs is dropped one release later (contract, see `COMPATIBLE_FROM`).
 */
export function runAll(statements: readonly string[]): KyselyMigration {
  return {
    async up(db: Kysely<unknown>) {
      for (const statement of statements) await sql.raw(statement).execute(db);
    },
  };
}

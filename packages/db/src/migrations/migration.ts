import { type Kysely, sql } from "kysely";
import type { Migration as KyselyMigration } from "kysely/migration";
import type { RoleNames } from "../roles.ts";

/** One step of the chain. Role names differ per instance, so a step is made for the instance it runs on. */
export type Migration = (instance: { roles: RoleNames }) => KyselyMigration;

/**
 * A step that runs the statements in order. There is no way down: a schema is made so that the previous release works
 * on it too (expand), and what that release needs is dropped a release later (contract, see `COMPATIBLE_FROM`).
 */
export function runAll(statements: readonly string[]): KyselyMigration {
  return {
    async up(db: Kysely<unknown>) {
      for (const statement of statements) await sql.raw(statement).execute(db);
    },
  };
}

/**
 * What makes a table hold one user's rows apart from another's: row-level security that binds the owner too, by the
 * user id that `asUser` sets for one transaction. An unset id is NULL or, on a used connection, '': both match nothing.
 * The sub-select lets PostgreSQL read the setting once per statement instead of once per row.
 */
export function userTable(table: string, appRole: string): string[] {
  const own = `user_id = (select nullif(current_setting('app.user_id', true), ''))`;
  return [
    `alter table ${table} enable row level security`,
    `alter table ${table} force row level security`,
    `create policy own_rows on ${table} using (${own}) with check (${own})`,
    `grant select, insert, update, delete on ${table} to ${appRole}`,
  ];
}

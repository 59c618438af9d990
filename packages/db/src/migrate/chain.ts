import { Kysely, PostgresDialect, type PostgresPool } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import type pg from "pg";
import { asError, MigrateError } from "./migrate-error.ts";

const TABLE = "schema_migration";

/**
 * Runs the missing steps in one transaction, on this connection and in its current role. Returns the names of the steps that
 * ran. Throws SchemaTooNew when the database has steps that this chain doesn't know.
 */
export async function runChain(client: pg.Client, chain: Record<string, Migration>): Promise<string[]> {
  await refuseNewerSchema(client, Object.keys(chain));
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: onlyThis(client) }) });
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => chain },
    migrationTableSchema: "app",
    migrationTableName: TABLE,
    migrationLockTableName: `${TABLE}_lock`,
  });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error === undefined) return results.map((result) => result.migrationName);
  const step = results.find((result) => result.status === "Error")?.migrationName ?? "the chain";
  throw new MigrateError("MigrationFailed", `migration ${step} failed and was rolled back: ${asError(error).message}`, {
    cause: error,
  });
}

async function refuseNewerSchema(client: pg.Client, known: readonly string[]): Promise<void> {
  const exists = await client.query(
    "select from pg_class where relname = $1 and relnamespace = (select oid from pg_namespace where nspname = 'app')",
    [TABLE],
  );
  if (exists.rowCount === 0) return;
  const done = await client.query<{ name: string }>(`select name from app.${TABLE} order by name`);
  const unknown = done.rows.map((row) => row.name).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new MigrateError(
    "SchemaTooNew",
    `the database was migrated by a newer version (${unknown.join(", ")}; this one knows up to ${known.at(-1)}). Run that version or a newer one.`,
  );
}

/** Kysely wants a pool, but every step must run on the connection that holds the lock and the role. */
function onlyThis(client: pg.Client): PostgresPool {
  return {
    connect: async () => Object.assign(client, { release: () => {} }),
    end: async () => {},
    options: {},
  };
}

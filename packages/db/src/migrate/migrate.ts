import type { Migration } from "kysely/migration";
import pg from "pg";
import { migrationsFor } from "../migrations/index.ts";
import { clientConfig, type Log } from "../pool.ts";
import { roleNames } from "../roles.ts";
import type { SslOptions } from "../ssl.ts";
import { runChain } from "./chain.ts";
import { closeToLogins } from "./close-to-logins.ts";
import { ensureRoles, ensureSchemas, type RolePasswords } from "./ensure-roles.ts";
import { type Identity, isServedByNewerSchema, refuseForeignData, storeInstance } from "./instance.ts";
import { MigrateError, toMigrateError } from "./migrate-error.ts";
import { verify } from "./verify.ts";

/** What a migration needs. */
export interface MigrateDeps extends Identity {
  /** A superuser, or a role with CREATEROLE that may create schemas in the database. */
  adminUrl: string;
  ssl: SslOptions;
  passwords: RolePasswords;
  log: Log;
  /** The steps. Only tests pass their own. */
  chain?: Record<string, Migration>;
}

/**
 * Advisory lock of whoever changes the schema. The same number for every assistant, because an advisory lock belongs to one
 * database.
 */
export const MIGRATION_LOCK = 7_461_736_001;
const LOCK_TIMEOUT = "10min";
const GONE_AFTER = "2s";

/**
 * Brings the roles, schemas, tables and policies of a database to this version. It is safe to repeat, and to run several times
 * at once: the others wait. A newer schema that still serves this version stays, and the passwords are set. Returns the names of
 * the steps that ran. Throws MigrateError, and changes nothing when the database holds foreign data.
 */
export async function migrate(deps: MigrateDeps): Promise<string[]> {
  const { hostname, port, pathname } = new URL(deps.adminUrl);
  const target = `${hostname}:${port || 5432}${pathname}`;
  try {
    const client = new pg.Client(
      clientConfig({ url: deps.adminUrl, ssl: deps.ssl, applicationName: "taskassistant-migrate" }),
    );
    client.on("error", (error) => deps.log.warn({ err: error }, "lost the database connection"));
    try {
      await client.connect();
      await requireVersion(client);
      await client.query(`set lock_timeout = '${LOCK_TIMEOUT}'`);
      // A server that does not notice that this program is gone holds its lock until the statement ends. Not every platform can.
      await client.query(`set client_connection_check_interval = '${GONE_AFTER}'`).catch(() => undefined);
      // The lock ends with the connection. It covers roles and schemas as well as the steps.
      await client.query(`select pg_advisory_lock(${MIGRATION_LOCK})`);
      return await steps(client, deps);
    } finally {
      await client.end().catch(() => {});
    }
  } catch (error) {
    throw toMigrateError(error, target);
  }
}

async function requireVersion(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: number }>(
    "select current_setting('server_version_num')::int as version",
  );
  const version = rows[0]?.version ?? 0;
  if (version >= 160_000) return;
  throw new MigrateError("MigrationFailed", `PostgreSQL ${Math.floor(version / 10_000)} is too old; use 16 or newer.`);
}

async function steps(client: pg.Client, deps: MigrateDeps): Promise<string[]> {
  const roles = roleNames(deps.instanceId);
  const chain = deps.chain ?? migrationsFor(roles);
  await refuseForeignData(client, deps);
  await ensureRoles(client, roles, deps.passwords);
  if (await isServedByNewerSchema(client, Object.keys(chain).length)) {
    deps.log.info({ instance: deps.instanceId }, "a newer schema serves this version and stays as it is");
    return [];
  }
  await ensureSchemas(client, roles);
  await closeToLogins(client, roles, deps.log);
  await client.query(`set role ${roles.owner}`);
  const ran = await runChain(client, chain);
  await storeInstance(client, deps, Object.keys(chain).length);
  await verify(client, roles);
  deps.log.info({ ran, instance: deps.instanceId }, ran.length === 0 ? "the schema was up to date" : "migrated");
  return ran;
}

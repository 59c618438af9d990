import pg from "pg";
import type { Log } from "../pool.ts";
import { loginsOf, type RoleNames } from "../roles.ts";

/** Functions of PostgreSQL by which every role may create a large object, whatever else it may. */
export const CREATES_LARGE_OBJECTS = ["lo_creat", "lo_create", "lo_from_bytea"] as const;

/** A large object that is in use is left for the next migration after this time. */
const LOCK_TIMEOUT = "5s";

interface Power {
  database: string;
  superuser: boolean;
  /** The admin owns the database, or is a member of the role that does. */
  owner: boolean;
}

/**
 * Takes from the login roles what PostgreSQL gives every role: creating temporary objects, large objects and objects in
 * the schema `public`. Runs as the admin and does what the admin has the power to; the rest is a warning with the
 * statement for whoever has it.
 */
export async function closeToLogins(client: pg.Client, roles: RoleNames, log: Log): Promise<void> {
  const logins = loginsOf(roles).join(", ");
  const { database, superuser, owner } = await power(client);
  const name = pg.escapeIdentifier(database);
  const functions = await client.query<{ signature: string }>(
    `select oid::regprocedure::text as signature from pg_proc
     where pronamespace = 'pg_catalog'::regnamespace and proname = any($1)`,
    [CREATES_LARGE_OBJECTS],
  );
  const publicSchema = await client.query("select from pg_namespace where nspname = 'public'");
  const closings: readonly (readonly [can: boolean, statement: string])[] = [
    [owner, `revoke temporary on database ${name} from public, ${logins}`],
    ...(publicSchema.rowCount === 0
      ? []
      : ([[owner, `revoke create on schema public from public, ${logins}`]] as const)),
    [superuser, `revoke execute on function ${functions.rows.map((row) => row.signature).join(", ")} from public`],
  ];
  for (const [can, statement] of closings) {
    if (can) await client.query(statement);
    else log.warn({ statement }, "the admin can't close this to the services' roles; a superuser should run it");
  }
  await removeLargeObjects(client, roles, log);
}

async function power(client: pg.Client): Promise<Power> {
  const { rows } = await client.query<Power>(
    `select datname as database, pg_has_role(current_user, datdba, 'USAGE') as owner,
       (select rolsuper from pg_roles where rolname = current_user) as superuser
     from pg_database where datname = current_database()`,
  );
  return rows[0] ?? { database: "", owner: false, superuser: false };
}

/** Nothing of ours uses large objects: one that a login role made is of no use to anybody. */
async function removeLargeObjects(client: pg.Client, roles: RoleNames, log: Log): Promise<void> {
  const { rows } = await client.query<{ id: string }>(
    `select oid::text as id from pg_largeobject_metadata
     where lomowner = any($1::regrole[]) and pg_has_role(current_user, lomowner, 'USAGE')`,
    [loginsOf(roles)],
  );
  if (rows.length === 0) return;
  await client.query("begin");
  try {
    await client.query(`set local lock_timeout = '${LOCK_TIMEOUT}'`);
    for (const { id } of rows) await client.query("select lo_unlink($1::oid)", [id]);
    await client.query("commit");
    log.warn({ removed: rows.length }, "removed large objects that a service's role had created");
  } catch (error) {
    await client.query("rollback");
    log.warn({ err: error }, "large objects of a service's role could not be removed");
  }
}

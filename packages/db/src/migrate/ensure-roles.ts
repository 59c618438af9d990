import pg from "pg";
import { loginsOf, type RoleNames } from "../roles.ts";
import { MigrateError } from "./migrate-error.ts";
import { scramVerifier } from "./scram.ts";

/** Passwords of the login roles. */
export interface RolePasswords {
  auth: string;
  app: string;
  /** Without one, the maintenance role can't log in. */
  maintenance?: string | undefined;
}

/**
 * Creates the missing roles, sets the passwords, and makes the admin a member of the owner. An admin that is not a superuser
 * needs CREATEROLE and, since PostgreSQL 16, has to grant itself the roles it creates.
 */
export async function ensureRoles(client: pg.Client, roles: RoleNames, passwords: RolePasswords): Promise<void> {
  const present = await client.query<{ rolname: string }>("select rolname from pg_roles where rolname = any($1)", [
    Object.values(roles),
  ]);
  const names = new Set(present.rows.map((row) => row.rolname));
  if (!names.has(roles.owner)) await client.query(`create role ${roles.owner} nologin`);
  for (const [role, password] of [
    [roles.auth, passwords.auth],
    [roles.app, passwords.app],
    [roles.maintenance, passwords.maintenance],
  ] as const) {
    if (!names.has(role)) await client.query(`create role ${role}`);
    const login = password === undefined ? "nologin" : `login password ${pg.escapeLiteral(scramVerifier(password))}`;
    await client.query(`alter role ${role} ${login}`);
  }
  const { rows } = await client.query<{ admin: string; member: boolean }>(
    `select current_user as admin, rolsuper
       or (pg_has_role(current_user, $1, 'SET') and pg_has_role(current_user, $1, 'USAGE')) as member
     from pg_roles where rolname = current_user`,
    [roles.owner],
  );
  const admin = rows[0];
  if (admin && !admin.member) {
    await client.query(`grant ${roles.owner} to ${pg.escapeIdentifier(admin.admin)} with set true, inherit true`);
  }
}

/** Creates the schemas, owned by the owner role, closed to everyone else. */
export async function ensureSchemas(client: pg.Client, roles: RoleNames): Promise<void> {
  const { rows } = await client.query<{ nspname: string; owner: string }>(
    "select nspname, pg_get_userbyid(nspowner) as owner from pg_namespace where nspname in ('app', 'auth')",
  );
  const owners = new Map(rows.map((row) => [row.nspname, row.owner]));
  for (const schema of ["app", "auth"]) {
    const owner = owners.get(schema);
    if (owner === undefined) await client.query(`create schema ${schema} authorization ${roles.owner}`);
    else if (owner !== roles.owner) await client.query(`alter schema ${schema} owner to ${roles.owner}`);
  }
  await ensureConnect(client, loginsOf(roles));
}

/** Usually every role may connect. Otherwise it is granted and checked: PostgreSQL only warns when a grant has no effect. */
async function ensureConnect(client: pg.Client, logins: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ name: string }>("select current_database() as name");
  const grant = `grant connect on database ${pg.escapeIdentifier(rows[0]?.name ?? "")} to ${logins.join(", ")}`;
  await client.query(grant);
  const missing = await client.query(
    "select from unnest($1::text[]) as role where not has_database_privilege(role, current_database(), 'CONNECT')",
    [logins],
  );
  if (missing.rowCount === 0) return;
  throw new MigrateError(
    "PermissionDenied",
    `the database admin can't let ${logins.join(" and ")} connect. Run this as the database's owner: ${grant}`,
  );
}

import pg from "pg";
import type { RoleNames } from "../roles.ts";
import { scramVerifier } from "./scram.ts";

/** Passwords of the login roles. */
export interface RolePasswords {
  auth: string;
  app: string;
}

/**
 * Creates the roles that are missing, sets the passwords, and makes the admin a member of the owner. An admin that is
 * no superuser needs CREATEROLE; since PostgreSQL 16 it must also grant itself what it creates.
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
  ] as const) {
    if (!names.has(role)) await client.query(`create role ${role}`);
    await client.query(`alter role ${role} login password ${pg.escapeLiteral(scramVerifier(password))}`);
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
  const database = await client.query<{ name: string }>("select current_database() as name");
  const name = pg.escapeIdentifier(database.rows[0]?.name ?? "");
  await client.query(`grant connect on database ${name} to ${roles.auth}, ${roles.app}`);
}

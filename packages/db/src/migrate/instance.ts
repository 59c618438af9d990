import { createHmac } from "node:crypto";
import type pg from "pg";
import { roleNames } from "../roles.ts";
import { COMPATIBLE_FROM, type SchemaRow } from "../schema-version.ts";
import { MigrateError } from "./migrate-error.ts";

/** The instance that the data must belong to. */
export interface Identity {
  instanceId: string;
  authSecret: string;
}

/** Identifies the auth secret without revealing it. */
export function authFingerprint({ instanceId, authSecret }: Identity): string {
  return createHmac("sha256", authSecret).update(`taskassistant instance ${instanceId}`).digest("hex");
}

/**
 * Throws ForeignData unless the schemas `app` and `auth` are absent, empty, or this instance's own with the same auth
 * secret, and PermissionDenied when they can't be read. Changes nothing.
 */
export async function refuseForeignData(client: pg.Client, identity: Identity): Promise<void> {
  const { owner } = roleNames(identity.instanceId);
  const schemas = await client.query<{ schema: string; owner: string; tables: string[] }>(
    `select n.nspname as schema, pg_get_userbyid(n.nspowner) as owner,
       coalesce(array_agg(c.relname::text) filter (where c.relkind in ('r', 'p', 'v', 'm', 'f')), '{}') as tables
     from pg_namespace n left join pg_class c on c.relnamespace = n.oid
     where n.nspname in ('app', 'auth') group by n.oid order by 1`,
  );
  for (const schema of schemas.rows) {
    if (schema.owner === owner || schema.tables.length === 0) continue;
    const other = /^ta_([0-9a-f]{8})_owner$/.exec(schema.owner)?.[1];
    throw new MigrateError(
      "ForeignData",
      other
        ? `the database holds data of another TaskAssistant (instance ${other}, this one is ${identity.instanceId}). Give this one a database of its own, or restore the credentials that belong to the data.`
        : `schema '${schema.schema}' of the database holds tables that are not TaskAssistant's (${schema.tables.slice(0, 3).join(", ")}). Give TaskAssistant a database of its own.`,
    );
  }
  if (schemas.rows.some(({ schema, tables }) => schema === "app" && tables.includes("instance"))) {
    await compareInstance(client, identity);
  }
}

async function compareInstance(client: pg.Client, identity: Identity): Promise<void> {
  const { rows } = await client.query<{ id: string; auth_fingerprint: string }>(
    "select id, auth_fingerprint from app.instance",
  );
  const stored = rows[0];
  if (stored === undefined) return;
  if (stored.id !== identity.instanceId) {
    throw new MigrateError(
      "ForeignData",
      `the database holds data of another TaskAssistant (instance ${stored.id}, this one is ${identity.instanceId}). Give this one a database of its own, or restore the credentials that belong to the data.`,
    );
  }
  if (stored.auth_fingerprint !== authFingerprint(identity)) {
    throw new MigrateError(
      "ForeignData",
      "the data was created with another auth secret, so its sessions and signing keys can't be read with this one. Restore the auth secret that belongs to the data.",
    );
  }
}

/**
 * Whether the database has a newer schema than this code makes, which still serves it. So it is after an upgrade that was
 * rolled back, and after a downgrade. Throws what pg throws.
 */
export async function isServedByNewerSchema(client: pg.Client, known: number): Promise<boolean> {
  const { rows } = await client.query("select to_regclass('app.instance') as found");
  if (rows[0]?.found === null) return false;
  const stored = await client.query<SchemaRow>("select schema_version, compatible_from from app.instance");
  const row = stored.rows[0];
  return row !== undefined && row.schema_version > known && row.compatible_from <= known;
}

/** Records the instance that the data belongs to and the version of the schema. Runs as the owner. */
export async function storeInstance(client: pg.Client, identity: Identity, schemaVersion: number): Promise<void> {
  await client.query(
    `insert into app.instance (id, auth_fingerprint, schema_version, compatible_from) values ($1, $2, $3, $4)
     on conflict (singleton) do update
       set schema_version = excluded.schema_version, compatible_from = excluded.compatible_from
       where (instance.schema_version, instance.compatible_from)
         is distinct from (excluded.schema_version, excluded.compatible_from)`,
    [identity.instanceId, authFingerprint(identity), schemaVersion, COMPATIBLE_FROM],
  );
}

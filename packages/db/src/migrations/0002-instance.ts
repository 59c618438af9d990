import { type Migration, runAll } from "./migration.ts";

/**
 * One row that says whose data this is and which code may use it. The fingerprint recognises the auth secret the data
 * was made with; the audit key makes pseudonyms of user ids and never leaves the database.
 * The frontend's role sees the schema version through a view of the owner: it has no rights in schema `app`.
 */
export const step: Migration = ({ roles }) =>
  runAll([
    `create table app.instance (
      singleton boolean primary key default true check (singleton),
      id text not null check (id ~ '^[0-9a-f]{8}$'),
      auth_fingerprint text not null,
      audit_key uuid not null default gen_random_uuid(),
      schema_version integer not null,
      compatible_from integer not null,
      created_at timestamptz not null default now()
    )`,
    `create view auth.schema_version as select schema_version, compatible_from from app.instance`,
    `grant usage on schema app to ${roles.app}`,
    `grant select (audit_key, schema_version, compatible_from) on app.instance to ${roles.app}`,
    `grant select on auth.schema_version to ${roles.auth}`,
  ]);

import { CHAIN } from "./migrations/chain.gen.ts";

const NEWEST = Object.keys(CHAIN).length;

/**
 * The schema versions this code works with: `max` is the newest step of the migrations it knows, `min` the oldest one
 * that it can work with. A newer schema is fine as long as it says that it still serves this code
 * (`instance.compatible_from`), so that old pods keep working while an upgrade rolls.
 */
export const SCHEMA_VERSION: { readonly min: number; readonly max: number } = { min: NEWEST, max: NEWEST };

/** The oldest `SCHEMA_VERSION.max` that the newest schema still serves. Raise it together with a step that removes something. */
export const COMPATIBLE_FROM = 5;

/** The database's schema doesn't suit this code; the message says which side to update. */
export class SchemaVersionError extends Error {
  override name = "SchemaVersionError";
}

/** What a database says about its schema. */
export interface SchemaRow {
  schema_version: number;
  compatible_from: number;
}

/** Throws SchemaVersionError when the schema is absent, too old or too new for this code. */
export function assertSchema(row: SchemaRow | undefined): void {
  if (row === undefined) throw new SchemaVersionError("the database has no schema yet; run the migrations");
  if (row.schema_version < SCHEMA_VERSION.min) {
    throw new SchemaVersionError(
      `the database has schema ${row.schema_version}, this version needs ${SCHEMA_VERSION.min} or newer; run the migrations`,
    );
  }
  if (SCHEMA_VERSION.max < row.compatible_from) {
    throw new SchemaVersionError(
      `the database has schema ${row.schema_version}, which needs a newer version of this program`,
    );
  }
}

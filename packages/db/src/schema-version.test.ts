import { expect, test } from "vitest";
import { assertSchema, SCHEMA_VERSION, SchemaVersionError } from "./schema-version.ts";

const { min, max } = SCHEMA_VERSION;

test("the schema of this version is accepted, and so is a newer one that still serves it", () => {
  assertSchema({ schema_version: max, compatible_from: min });
  assertSchema({ schema_version: max + 3, compatible_from: max });
});

test("a missing schema, an older one and one that no longer serves this code are refused", () => {
  for (const row of [
    undefined,
    { schema_version: min - 1, compatible_from: 1 },
    { schema_version: max + 1, compatible_from: max + 1 },
  ]) {
    expect(() => assertSchema(row)).toThrow(SchemaVersionError);
  }
});

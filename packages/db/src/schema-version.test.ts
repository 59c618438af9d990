import { expect, test } from "vitest";
import { assertSchema, SCHEMA_VERSION, SchemaVersionError } from "./schema-version.ts";

const { min, max } = SCHEMA_VERSION;

test("the schema this code was made for suits, and so does a newer one that still serves it", () => {
  assertSchema({ schema_version: max, compatible_from: min });
  assertSchema({ schema_version: max + 3, compatible_from: max });
});

test("no schema, an older one and one that dropped what this code needs do not", () => {
  for (const row of [
    undefined,
    { schema_version: min - 1, compatible_from: 1 },
    { schema_version: max + 1, compatible_from: max + 1 },
  ]) {
    expect(() => assertSchema(row)).toThrow(SchemaVersionError);
  }
});

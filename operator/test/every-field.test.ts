import { describe, expect, it } from "vitest";
import type { Schema } from "./fixtures/assistant-fixture.ts";
import { specSchema } from "./fixtures/assistant-fixture.ts";
import { EVERY_FIELD } from "./fixtures/every-field-fixture.ts";

/** Paths of the fields that no value sets, or only to their default. */
function fieldsNotSet(schema: Schema, values: readonly unknown[], path: string): string[] {
  const given = values.filter((value) => value !== undefined);
  if (schema.properties !== undefined) {
    return Object.entries(schema.properties).flatMap(([name, field]) =>
      fieldsNotSet(
        field,
        given.map((value) => (value as Record<string, unknown>)[name]),
        `${path}.${name}`,
      ),
    );
  }
  if (schema.items !== undefined) return fieldsNotSet(schema.items, given.flat(), `${path}[]`);
  if (schema.additionalProperties !== undefined) {
    const entries = given.flatMap((value) => Object.values(value as object));
    return fieldsNotSet(schema.additionalProperties, entries, `${path}.*`);
  }
  return given.some((value) => value !== schema.default) ? [] : [path];
}

describe("EVERY_FIELD", () => {
  it("sets every field of the definition, so that the tests of the children know it", () => {
    expect(fieldsNotSet(specSchema, Object.values(EVERY_FIELD), "spec")).toEqual([]);
  });

  it.each<[string, Schema]>([
    ["a field", { properties: { new: {} } }],
    ["a field that has its default", { properties: { suspend: { default: false } } }],
    ["a field of an object", { properties: { auth: { properties: { new: {} } } } }],
    ["a field of the items of a list", { properties: { pulls: { items: { properties: { new: {} } } } } }],
    ["the values of a map", { properties: { labels: { additionalProperties: {} } } }],
  ])("would be refused without %s", (_what, schema) => {
    const spec = { suspend: false, auth: { signUp: "Open" }, pulls: [{ name: "pull" }], labels: {} };
    expect(fieldsNotSet(schema, [spec], "spec")).toHaveLength(1);
  });
});

import { describe, expect, it } from "vitest";
import { definitionOf } from "./fixtures/assistant-fixture.ts";

describe.each(["taskassistants", "taskassistantbackups", "taskassistantrestores"])("the definition of %s", (plural) => {
  const definition = definitionOf(plural);

  it("is small enough for a plain kubectl apply, which keeps a copy in an annotation", () => {
    expect(JSON.stringify(definition).length).toBeLessThan(150_000);
  });

  it("limits every string, list and map, because the API server estimates the cost of its rules from these limits", () => {
    const unbounded: string[] = [];
    const visit = (schema: Record<string, unknown>, path: string): void => {
      if (
        schema.type === "string" &&
        schema.enum === undefined &&
        schema.maxLength === undefined &&
        schema.format === undefined
      )
        unbounded.push(path);
      if (schema.type === "array" && schema.maxItems === undefined) unbounded.push(path);
      if (schema.additionalProperties !== undefined && schema.maxProperties === undefined) unbounded.push(path);
      if (path !== "" && !path.endsWith("metadata") && schema.description === undefined)
        unbounded.push(`${path} has no description`);
      for (const [name, field] of Object.entries((schema.properties ?? {}) as Record<string, Record<string, unknown>>))
        visit(field, `${path}.${name}`);
      for (const key of ["items", "additionalProperties"]) {
        const field = schema[key] as Record<string, unknown> | undefined;
        if (field !== undefined) visit({ description: "", ...field }, `${path}.${key}`);
      }
    };
    visit(definition.spec.versions[0].schema.openAPIV3Schema, "");
    expect(unbounded).toEqual([]);
  });
});

/** A schema without descriptions and without what only the API server of a field's own place adds. */
function shape(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(shape);
  if (typeof schema !== "object" || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).flatMap(([key, value]) => (key === "description" ? [] : [[key, shape(value)]])),
  );
}

it("the three definitions mean the same by a destination and by an encryption", () => {
  const spec = (plural: string) =>
    definitionOf(plural).spec.versions[0].schema.openAPIV3Schema.properties.spec.properties;
  const { backup } = spec("taskassistants");
  const one = spec("taskassistantbackups");
  const restore = spec("taskassistantrestores");
  expect(shape(one.destination)).toEqual(shape(backup.properties.destination));
  expect(shape(restore.source.properties.destination)).toEqual(shape(backup.properties.destination));
  expect(shape(one.encryption)).toEqual(shape(backup.properties.encryption));
  expect(shape(restore.encryption)).toEqual(shape(backup.properties.encryption));
});

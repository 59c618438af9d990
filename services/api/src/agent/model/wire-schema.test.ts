import { expect, test } from "vitest";
import { wireSchema } from "./wire-schema.ts";

const property = (schema: object) =>
  (wireSchema({ type: "object", properties: { p: schema } }).properties as { p: object }).p;

// biome-ignore format: a table reads better with a row on a line
test.each<[what: string, schema: object, sent: object]>([
  ["a long text", { type: "string", maxLength: 20_000 }, { type: "string", description: "At most 20000 characters." }],
  ["a text that is not empty", { type: "string", minLength: 1, maxLength: 300, description: "Title." }, { type: "string", description: "Title. Not empty. At most 300 characters." }],
  ["a date", { type: "string", format: "date", pattern: "^\\d+$" }, { type: "string", description: "Written YYYY-MM-DD." }],
  ["a pattern", { type: "string", pattern: "^t_[0-9]{4}$" }, { type: "string", description: "Matches ^t_[0-9]{4}$" }],
  ["a value or null", { anyOf: [{ type: "string", format: "date" }, { type: "null" }], default: null, description: "Day." }, { type: "string", description: "Day. May be null. Written YYYY-MM-DD." }],
  ["a list of types", { type: ["integer", "null"], minimum: 0 }, { type: "integer", description: "May be null.", minimum: 0 }],
  ["a number above a bound", { type: "integer", exclusiveMinimum: 0, maximum: 9_007_199_254_740_991 }, { type: "integer", minimum: 1 }],
  ["a default", { type: "integer", minimum: 1, maximum: 200, default: 50 }, { type: "integer", description: "Default: 50.", minimum: 1, maximum: 200 }],
  ["a choice", { enum: ["open", "done", null], default: "open" }, { type: "string", description: 'Default: "open".', enum: ["open", "done"] }],
  ["constants", { oneOf: [{ const: "a" }, { const: "b" }] }, { type: "string", enum: ["a", "b"] }],
  ["a list", { type: "array", items: { type: "string", maxLength: 64 }, minItems: 1, maxItems: 100 }, { type: "array", description: "At least 1. At most 100.", items: { type: "string", description: "At most 64 characters." } }],
  ["a list of anything", { type: "array" }, { type: "array", items: { type: "string" } }],
  ["an object", { type: "object", properties: { a: { type: "boolean", title: "A", "x-more": 1 } }, required: ["a", "gone"], additionalProperties: false }, { type: "object", properties: { a: { type: "boolean" } }, required: ["a"] }],
  ["several parts", { allOf: [{ type: "string" }, { description: "Joined." }] }, { type: "string", description: "Joined." }],
])("%s is sent with the keywords that all servers take", (_what, schema, sent) => {
  expect(property(schema)).toEqual(sent);
});

test("references are followed, and those that never end are cut", () => {
  const schema = {
    properties: { p: { $ref: "#/$defs/Tree" } },
    $defs: { Tree: { type: "object", properties: { leaf: { $ref: "#/$defs/Tree" } } } },
  };
  expect(JSON.stringify(wireSchema(schema))).not.toContain("$ref");
});

test("a tool without arguments has an object without properties", () => {
  expect(wireSchema({ type: "object", additionalProperties: false })).toEqual({ type: "object", properties: {} });
});

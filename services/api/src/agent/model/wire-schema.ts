import { isRecord } from "@taskassistant/contracts";

/** JSON Schema. */
type Schema = Record<string, unknown>;

/** Bounds up to here are sent; servers that turn a schema into a grammar repeat a rule as often as a bound says. */
const BOUND_MAX = 1_000;
/** Maximum nesting that is followed, which also ends schemas that refer to themselves. */
const DEPTH_MAX = 8;

/**
 * A copy of a tool's schema with only the keywords that all servers take: types, properties, required, enum, items,
 * description, and small bounds of numbers. Some servers refuse a request for a single keyword they don't know, others fail
 * on large bounds. What the copy can't say, its descriptions say. Arguments are checked against the full schema.
 */
export function wireSchema(schema: Schema): Schema {
  const reduced = reduce(schema, schema, 0);
  return { type: "object", ...reduced, properties: isRecord(reduced.properties) ? reduced.properties : {} };
}

function reduce(given: Schema, root: Schema, depth: number): Schema {
  const { schema, notes } = simplified(given, root);
  const type = typeOf(schema);
  const said = [...notes, ...notesOf(schema, type)];
  const description = [typeof schema.description === "string" ? schema.description : "", ...said]
    .filter((text) => text !== "")
    .join(" ");
  const inner = depth < DEPTH_MAX ? innerOf(schema, type, root, depth + 1) : {};
  return {
    ...(type === undefined ? {} : { type }),
    ...(description === "" ? {} : { description }),
    ...inner,
  };
}

/** The parts by type: what an object or a list is made of, which values a text may have, how far a number goes. */
function innerOf(schema: Schema, type: string | undefined, root: Schema, depth: number): Schema {
  if (type === "object" && isRecord(schema.properties)) {
    const properties = Object.entries(schema.properties).filter((entry): entry is [string, Schema] =>
      isRecord(entry[1]),
    );
    const names = new Set(properties.map(([name]) => name));
    const required = listOf(schema.required).filter((name) => typeof name === "string" && names.has(name));
    return {
      properties: Object.fromEntries(properties.map(([name, property]) => [name, reduce(property, root, depth)])),
      // An empty list is refused by validators of an older draft.
      ...(required.length === 0 ? {} : { required }),
    };
  }
  if (type === "array")
    return { items: isRecord(schema.items) ? reduce(schema.items, root, depth) : { type: "string" } };
  if (type === "string") {
    const values = textsOf(schema);
    return values === undefined ? {} : { enum: values };
  }
  if (type === "integer" || type === "number") return boundsOf(schema, type);
  return {};
}

/** Follows a reference, joins `allOf`, and chooses the one alternative that is not null. */
function simplified(given: Schema, root: Schema, depth = 0): { schema: Schema; notes: string[] } {
  if (depth > DEPTH_MAX) return { schema: {}, notes: [] };
  const { $ref, allOf, anyOf, oneOf, ...own } = given;
  let schema: Schema = own;
  const notes: string[] = [];
  const take = (other: Schema) => {
    const next = simplified(other, root, depth + 1);
    schema = { ...next.schema, ...schema };
    notes.push(...next.notes);
  };
  if (typeof $ref === "string") {
    const target = targetOf($ref, root);
    if (target !== undefined) take(target);
  }
  for (const part of listOf(allOf).filter(isRecord)) take(part);
  const alternatives = [...listOf(anyOf), ...listOf(oneOf)].filter(isRecord);
  const values = alternatives.filter((each) => each.type !== "null");
  if (values.length < alternatives.length) notes.push("May be null.");
  if (values.length > 0 && values.every((each) => typeof each.const === "string")) {
    take({ type: "string", enum: values.map((each) => each.const) });
  } else if (values[0] !== undefined) take(values[0]);
  return { schema, notes };
}

/** `#/$defs/Name` within the same schema. */
function targetOf(reference: string, root: Schema): Schema | undefined {
  if (!reference.startsWith("#/")) return undefined;
  let target: unknown = root;
  for (const part of reference.slice(2).split("/")) {
    if (!isRecord(target)) return undefined;
    target = target[decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~")];
  }
  return isRecord(target) ? target : undefined;
}

function typeOf(schema: Schema): string | undefined {
  const types = listOf(schema.type).filter((type) => type !== "null");
  const named = typeof schema.type === "string" ? schema.type : types[0];
  if (typeof named === "string") return named;
  if (isRecord(schema.properties)) return "object";
  return textsOf(schema) === undefined ? undefined : "string";
}

/** The texts a value may have. */
function textsOf(schema: Schema): string[] | undefined {
  const values = typeof schema.const === "string" ? [schema.const] : listOf(schema.enum);
  const texts = values.filter((value) => typeof value === "string");
  return texts.length === 0 ? undefined : texts;
}

function boundsOf(schema: Schema, type: string): Schema {
  const step = type === "integer" ? 1 : 0;
  const minimum = numberOf(schema.minimum) ?? plus(numberOf(schema.exclusiveMinimum), step);
  const maximum = numberOf(schema.maximum) ?? plus(numberOf(schema.exclusiveMaximum), -step);
  return {
    ...(isSmall(minimum) ? { minimum } : {}),
    ...(isSmall(maximum) ? { maximum } : {}),
  };
}

/** What a schema demands beyond what is sent, in words. */
function notesOf(schema: Schema, type: string | undefined): string[] {
  const { minLength, maxLength, minItems, maxItems, pattern, format, minimum, maximum } = schema;
  const notes: string[] = [];
  const note = (value: unknown, words: (value: number) => string) => {
    const number = numberOf(value);
    if (number !== undefined) notes.push(words(number));
  };
  if (listOf(schema.type).includes("null")) notes.push("May be null.");
  if (type === "string") {
    if (numberOf(minLength) !== undefined && Number(minLength) > 0)
      notes.push(minLength === 1 ? "Not empty." : `At least ${minLength} characters.`);
    note(maxLength, (max) => `At most ${max} characters.`);
    if (typeof format === "string" && format !== "enum")
      notes.push(format === "date" ? "Written YYYY-MM-DD." : `Format: ${format}.`);
    else if (typeof pattern === "string" && pattern.length <= 80) notes.push(`Matches ${pattern}`);
  }
  if (type === "array") {
    if (numberOf(minItems) !== undefined && Number(minItems) > 0) notes.push(`At least ${minItems}.`);
    note(maxItems, (max) => `At most ${max}.`);
  }
  if (type === "integer" || type === "number") {
    if (isTold(minimum)) note(minimum, (min) => `At least ${min}.`);
    if (isTold(maximum)) note(maximum, (max) => `At most ${max}.`);
  }
  if (schema.default !== undefined && schema.default !== null && schema.default !== "") {
    notes.push(`Default: ${JSON.stringify(schema.default)}.`);
  }
  return notes;
}

/** Whether a bound is too large to be sent, and small enough to mean something. */
function isTold(bound: unknown): boolean {
  const size = Math.abs(numberOf(bound) ?? 0);
  return size > BOUND_MAX && size < 1_000_000_000;
}

function isSmall(bound: number | undefined): bound is number {
  return bound !== undefined && Math.abs(bound) <= BOUND_MAX;
}

function plus(value: number | undefined, step: number): number | undefined {
  return value === undefined ? undefined : value + step;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

import { isRecord } from "@taskassistant/contracts";
import type { JsonSchema } from "../../mcp/port.ts";
import { parseJson } from "../model/calls/json-text.ts";

/** Whether a value is valid by a schema. */
export type IsValid = (schema: JsonSchema, value: unknown) => boolean;

/** Keys under which models put the arguments once more, and those that may stand beside them. */
const WRAPPERS = ["arguments", "parameters", "args", "kwargs", "input", "params", "properties"];
const BESIDE_WRAPPER = new Set([...WRAPPERS, "name", "tool", "tool_name", "function", "type", "id"]);
/** Words that models write for nothing. */
const NOTHING = /^(null|none|nil|undefined|n\/a)?$/i;

/**
 * The arguments as the schema takes them; undefined where that would need a guess. A value that the schema accepts is never
 * touched. Of the others, a value that is recognisable in a wrong wrapping is unwrapped, and an optional one that means
 * nothing is left out. A required value is never made up.
 */
export function fitToSchema(
  schema: JsonSchema,
  value: Record<string, unknown>,
  { name, isValid }: { name: string; isValid: IsValid },
): Record<string, unknown> | undefined {
  if (isValid(schema, value)) return value;
  const fitted = fitObject(schema, value, isValid);
  if (isValid(schema, fitted)) return fitted;
  const inner = unwrapped(value, name);
  return inner === undefined ? undefined : fitToSchema(schema, inner, { name, isValid });
}

function fitObject(schema: JsonSchema, value: Record<string, unknown>, isValid: IsValid): Record<string, unknown> {
  const properties = isRecord(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  const fitted: [string, unknown][] = [];
  for (const [name, given] of Object.entries(value)) {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (!isRecord(property)) {
      // An unknown argument without a value says nothing, unless the schema takes any argument.
      if (schema.additionalProperties !== false || !meansNothing(given)) fitted.push([name, given]);
      continue;
    }
    if (isValid(property, given)) fitted.push([name, given]);
    else if (meansNothing(given) && !required.includes(name)) continue;
    else fitted.push([name, fitValue(property, given, isValid)]);
  }
  return Object.fromEntries(fitted);
}

/** The value in another wrapping that the schema takes, or as it was. */
function fitValue(schema: JsonSchema, value: unknown, isValid: IsValid): unknown {
  const forms = formsOf(schema, value, isValid);
  return forms.find((form) => isValid(schema, form)) ?? value;
}

function formsOf(schema: JsonSchema, value: unknown, isValid: IsValid): unknown[] {
  const forms: unknown[] = [];
  const alternatives = [schema.anyOf, schema.oneOf]
    .flatMap((list) => (Array.isArray(list) ? list : []))
    .filter(isRecord);
  for (const alternative of alternatives) forms.push(fitValue(alternative, value, isValid));
  if (typeof value === "string") {
    const trimmed = value.trim();
    // A number, a truth value, a list or an object written as text.
    const parsed = parseJson(
      trimmed.replace(/^(True|False|None)$/, (word) => (word === "None" ? "null" : word.toLowerCase())),
    );
    forms.push(trimmed, parsed);
    if (isRecord(parsed) || Array.isArray(parsed)) forms.push(fitInner(schema, parsed, isValid));
    if (schema.format === "date") forms.push(dayIn(trimmed));
    // A word of a list in other capitals.
    const words = Array.isArray(schema.enum) ? schema.enum.filter((word) => typeof word === "string") : [];
    const alike = words.filter((word) => word.toLowerCase() === trimmed.toLowerCase());
    if (alike.length === 1) forms.push(alike[0]);
  }
  // A text that looks like a number, written as one.
  if (typeof value === "number") forms.push(String(value));
  if (Array.isArray(value) && value.length === 1) forms.push(value[0]);
  else if (!Array.isArray(value)) forms.push([value]);
  forms.push(fitInner(schema, value, isValid));
  return forms.filter((form) => form !== undefined);
}

/** A day written as its midnight, or with other signs between its parts. */
function dayIn(text: string): string {
  return text.replace(/T00:00(:00(\.0+)?)?Z?$/, "").replace(/^(\d{4})[./](\d\d)[./](\d\d)$/, "$1-$2-$3");
}

function fitInner(schema: JsonSchema, value: unknown, isValid: IsValid): unknown {
  if (isRecord(value)) return fitObject(schema, value, isValid);
  if (!Array.isArray(value) || !isRecord(schema.items)) return undefined;
  const { items } = schema;
  return value.map((item) => (isValid(items, item) ? item : fitValue(items, item, isValid)));
}

function meansNothing(value: unknown): boolean {
  if (value === null) return true;
  if (typeof value === "string") return NOTHING.test(value.trim());
  if (Array.isArray(value)) return value.every(meansNothing);
  return isRecord(value) && Object.keys(value).length === 0;
}

/** The arguments inside `{"arguments": {...}}`, `{"name": "NAME", "parameters": {...}}` and the like. */
function unwrapped(value: Record<string, unknown>, name: string): Record<string, unknown> | undefined {
  const keys = Object.keys(value);
  const wrapper = [...WRAPPERS, name].find((key) => Object.hasOwn(value, key));
  if (wrapper === undefined || !keys.every((key) => key === wrapper || BESIDE_WRAPPER.has(key))) return undefined;
  const named = [value.name, value.tool, value.tool_name].find((entry) => typeof entry === "string");
  if (named !== undefined && named !== name) return undefined;
  const inner = value[wrapper];
  const parsed = typeof inner === "string" ? parseJson(inner) : inner;
  return isRecord(parsed) ? parsed : undefined;
}

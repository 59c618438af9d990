import { isRecord } from "@taskassistant/contracts";
import type { JsonSchema } from "../../mcp/port.ts";
import type { IsValid } from "./fit-to-schema.ts";

/** Maximum number of wrong arguments that one error names. */
const NAMED_MAX = 3;

/** What is wrong with arguments, in one line for the model: each wrong argument, what it holds and what would be accepted. */
export function explainArguments(
  schema: JsonSchema,
  value: Record<string, unknown>,
  isValid: IsValid,
): string | undefined {
  const properties = isRecord(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
  const missing = required
    .filter((name) => !Object.hasOwn(value, name))
    .map((name) => `${name} is missing; it takes ${accepted(properties[name])}`);
  const wrong = Object.entries(value).flatMap(([name, given]) => {
    const property = properties[name];
    return isRecord(property) && !isValid(property, given)
      ? [`${name} is ${shown(given)}; it takes ${accepted(property)}`]
      : [];
  });
  const said = [...missing, ...wrong].slice(0, NAMED_MAX).join(". ");
  return said === "" ? undefined : said;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 80 ? `${text.slice(0, 80)}… (${text.length} characters)` : text;
}

/** What a schema accepts, in a few words. */
function accepted(schema: unknown): string {
  if (!isRecord(schema)) return "a value";
  const alternatives = [schema.anyOf, schema.oneOf].find(Array.isArray);
  if (alternatives !== undefined) return alternatives.map(accepted).join(" or ");
  if (Array.isArray(schema.enum)) return `one of ${schema.enum.map((word) => JSON.stringify(word)).join(", ")}`;
  if ("const" in schema) return JSON.stringify(schema.const);
  switch (schema.type) {
    case "string":
      return textOf(schema);
    case "integer":
    case "number":
      return `a ${schema.type === "integer" ? "whole " : ""}number${range(schema.minimum ?? schema.exclusiveMinimum, schema.maximum, "")}`;
    case "array":
      return `a list${range(schema.minItems, schema.maxItems, " entries")} of ${accepted(schema.items)}`;
    case "boolean":
      return "true or false";
    default:
      return typeof schema.type === "string" ? schema.type : "a value";
  }
}

function textOf(schema: Record<string, unknown>): string {
  if (schema.format === "date") return "a date written YYYY-MM-DD";
  if (typeof schema.format === "string") return `a ${schema.format}`;
  if (typeof schema.pattern === "string" && schema.pattern.length <= 100)
    return `a text that matches ${schema.pattern}`;
  return `a text${range(schema.minLength, schema.maxLength, " characters")}`;
}

function range(least: unknown, most: unknown, unit: string): string {
  if (typeof least === "number" && typeof most === "number") return ` of ${least} to ${most}${unit}`;
  if (typeof most === "number") return ` of at most ${most}${unit}`;
  return typeof least === "number" && least > 0 ? ` of at least ${least}${unit}` : "";
}

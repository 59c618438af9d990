import { z } from "zod";

/** JSON Schema (2020-12) of an object, as MCP's `tools/list` carries it. */
export interface PublishedSchema {
  type: "object";
  [keyword: string]: unknown;
}

/**
 * The JSON Schema of a zod object, made small, because models pay for every character of it with each request. A regular
 * expression beside a `format` adds nothing, nor does the range of all integers. Outputs stay open: a field that is added
 * later must not break a client that still knows the old schema.
 */
export function publishedSchema(schema: z.ZodObject, io: "input" | "output"): PublishedSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io });
  return { ...(compact(json, io) as Record<string, unknown>), type: "object" };
}

/**
 * The schema without formats. Some models' servers refuse a request for a format they don't know, and many clients pass
 * schemas on as they are. The descriptions say how a date is written. A client that acts for a user gets the formats: it
 * adapts schemas to its model's server and corrects arguments by them.
 */
export function withoutFormats(schema: PublishedSchema): PublishedSchema {
  const strip = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(strip);
    if (typeof value !== "object" || value === null) return value;
    const kept = Object.entries(value).filter(([key, entry]) => key !== "format" || typeof entry !== "string");
    return Object.fromEntries(kept.map(([key, entry]) => [key, strip(entry)]));
  };
  return { ...(strip(schema) as Record<string, unknown>), type: "object" };
}

/** What only tells how strict an output is: it comes from us, and nobody has to write one. */
const OF_INPUTS = new Set(["additionalProperties", "required", "format", "pattern", "minimum", "exclusiveMinimum"]);

function compact(value: unknown, io: "input" | "output"): unknown {
  if (Array.isArray(value)) return value.map((entry) => compact(entry, io));
  if (typeof value !== "object" || value === null) return value;
  const redundant = (key: string, entry: unknown): boolean =>
    (key === "pattern" && "format" in value) ||
    // A property may be called so too, and then its value is a schema.
    (io === "output" && OF_INPUTS.has(key) && (typeof entry !== "object" || Array.isArray(entry))) ||
    ((key === "maximum" || key === "minimum") && Math.abs(Number(entry)) === Number.MAX_SAFE_INTEGER);
  const kept = Object.fromEntries(
    Object.entries(value)
      .filter(([key, entry]) => !redundant(key, entry))
      .map(([key, entry]) => [key, compact(entry, io)]),
  );
  return withShortNull(kept);
}

/** `{type: [T, "null"]}` in place of a choice between two bare types. */
function withShortNull(schema: Record<string, unknown>): Record<string, unknown> {
  const { anyOf, ...rest } = schema;
  if (!Array.isArray(anyOf)) return schema;
  const isBare = anyOf.every((one) => typeof one?.type === "string" && Object.keys(one).length === 1);
  return isBare ? { ...rest, type: anyOf.map(({ type }) => type) } : schema;
}

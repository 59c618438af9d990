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

function compact(value: unknown, io: "input" | "output"): unknown {
  if (Array.isArray(value)) return value.map((entry) => compact(entry, io));
  if (typeof value !== "object" || value === null) return value;
  const redundant = (key: string, entry: unknown): boolean =>
    (key === "pattern" && "format" in value) ||
    (key === "additionalProperties" && io === "output") ||
    ((key === "maximum" || key === "minimum") && Math.abs(Number(entry)) === Number.MAX_SAFE_INTEGER);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, entry]) => !redundant(key, entry))
      .map(([key, entry]) => [key, compact(entry, io)]),
  );
}

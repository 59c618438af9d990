import type { z } from "zod";

/** The names of the arguments that a caller may leave out. */
export function optionalArguments(schema: z.ZodObject): ReadonlySet<string> {
  const names = Object.entries(schema.shape).filter(([, field]) => (field as z.ZodType).safeParse(undefined).success);
  return new Set(names.map(([name]) => name));
}

/**
 * The arguments without those optional ones that are null, an empty text or an empty list. Clients with strict schemas have to send every
 * argument and write these where they mean none; understood as values, they would empty fields that nobody named.
 */
export function withoutBlanks(input: Record<string, unknown>, optional: ReadonlySet<string>): Record<string, unknown> {
  const isBlank = (value: unknown) => value === null || value === "" || (Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(input).filter(([name, value]) => !(optional.has(name) && isBlank(value))));
}

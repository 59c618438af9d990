import type { Schema as BaseSchema } from "../fixtures/assistant-fixture.ts";

/** What the walk reads of an OpenAPI schema. */
export interface LeafSchema extends BaseSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, LeafSchema>>;
  readonly items?: LeafSchema;
  readonly additionalProperties?: LeafSchema;
  readonly "x-kubernetes-int-or-string"?: boolean;
}

/** Other values for a leaf that its schema admits, the likeliest first. CEL rules may refuse some. */
export function changedValues(schema: LeafSchema, value: unknown): unknown[] {
  const candidates = candidatesFor(schema, value);
  return candidates.filter((each) => each !== value && admits(schema, each));
}

function candidatesFor(schema: LeafSchema, value: unknown): unknown[] {
  if (schema.enum !== undefined) return [...schema.enum];
  if (typeof value === "boolean") return [!value];
  if (typeof value === "number") return [value + 1, value - 1];
  const text = String(value);
  // A number within, a letter within, one more character: one of them fits almost every text that people write.
  return [
    text.replace(/\d(?=[^\d]*$)/, (digit) => String((Number(digit) % 9) + 1)),
    text.replace(/[a-z](?=[^a-z]*$)/, (letter) => (letter === "x" ? "y" : "x")),
    text.replace(/[a-z]/, (letter) => (letter === "x" ? "y" : "x")),
    `${text}x`,
    `x${text}`,
  ];
}

/** A value that the schema refuses; undefined for one that refuses nothing of its type. */
export function invalidValue(schema: LeafSchema): unknown {
  if (schema.enum !== undefined) return "no-such-value";
  if (schema.maximum !== undefined) return schema.maximum + 1;
  if (schema.minimum !== undefined) return schema.minimum - 1;
  if (schema.type === "string" || schema["x-kubernetes-int-or-string"] === true)
    return "x".repeat((schema.maxLength ?? 0) + 1);
  return "neither a number nor true";
}

/** Whether the schema alone, without CEL rules, admits a leaf. */
export function admits(schema: LeafSchema, value: unknown): boolean {
  if (schema.enum !== undefined) return schema.enum.includes(value);
  if (typeof value === "number") {
    return value >= (schema.minimum ?? Number.MIN_SAFE_INTEGER) && value <= (schema.maximum ?? Number.MAX_SAFE_INTEGER);
  }
  if (typeof value !== "string") return true;
  const { pattern, minLength = 0, maxLength = Number.MAX_SAFE_INTEGER } = schema;
  return (
    value.length >= minLength && value.length <= maxLength && (pattern === undefined || new RegExp(pattern).test(value))
  );
}

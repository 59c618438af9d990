import { addressSchema, personNameSchema } from "@taskassistant/contracts";
import { NAME_MAX } from "@taskassistant/contracts/links";
import { APIError } from "better-auth/api";
import type { z } from "zod";

/** The name that a form sends, or the answer that says what to enter. */
export function nameOf(value: unknown): string {
  return parsed(personNameSchema, value, "INVALID_NAME", `Enter your name, with ${NAME_MAX} characters at most.`);
}

/** The address that a form sends, in the form in which it is stored, or the answer that says what to enter. */
export function addressOf(value: unknown): string {
  return parsed(addressSchema, value, "INVALID_EMAIL", "Enter a valid email address.");
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, code: string, message: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new APIError("BAD_REQUEST", { code, message });
}

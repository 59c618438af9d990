import { z } from "zod";

const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const id = z.string().max(256);
const resultSchema = z.object({
  ok: z.literal(true),
  bytes: count.optional(),
  rows: count.optional(),
  sha256: z.string().max(128).optional(),
  schemaVersion: count.max(2 ** 31 - 1).optional(),
  release: z.string().max(64).optional(),
  postgresVersion: z.string().max(64).optional(),
  /** Of a prune: the ids of the backups that are left. */
  kept: z.array(id).optional(),
  damaged: z.array(id).optional(),
});
const failureSchema = z.object({ reason: z.string().max(64), message: z.string().max(4_000) });

/** What the program says about what it did. */
export type Result = z.infer<typeof resultSchema>;
/** Why it failed: a reason for machines and a sentence for people. */
export type Failure = z.infer<typeof failureSchema>;

/** The result in a termination message; undefined when there is none, such as after the pod is gone. */
export function resultOf(message: string | undefined): Result | undefined {
  return lastOf(resultSchema, message);
}

/** The failure in a termination message, or in the last lines of a log. */
export function failureOf(message: string | undefined): Failure | undefined {
  return lastOf(failureSchema, message);
}

function lastOf<T>(schema: z.ZodType<T>, text = ""): T | undefined {
  for (const line of text.trim().split("\n").reverse()) {
    try {
      const read = schema.safeParse(JSON.parse(line));
      if (read.success) return read.data;
    } catch {}
  }
  return undefined;
}

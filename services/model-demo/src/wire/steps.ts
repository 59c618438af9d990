import { z } from "zod";

/** What a model may do in one answer, good or bad, in order. */
export const stepSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("text"), text: z.string() }),
  z.strictObject({
    type: z.literal("tool_call"),
    name: z.string(),
    /** An object, or a text that is sent as it is (malformed JSON). */
    arguments: z.union([z.record(z.string(), z.unknown()), z.string()]).default({}),
    id: z.string().optional(),
  }),
  /** Sends nothing for a while; without `ms` until the client goes away. */
  z.strictObject({ type: z.literal("stall"), ms: z.int().nonnegative().optional() }),
  /** Cuts the connection in the middle of the answer. */
  z.strictObject({ type: z.literal("break") }),
  /** Sends a line of the event stream as it is (garbage, unknown fields). Streaming only. */
  z.strictObject({ type: z.literal("raw"), data: z.string() }),
  /** Ends with another reason than the fitting one, such as `length` or `content_filter`. */
  z.strictObject({ type: z.literal("finish"), reason: z.string() }),
  /** Answers with an HTTP error instead; only as the first step. */
  z.strictObject({
    type: z.literal("error"),
    status: z.int().min(400).max(599),
    message: z.string().default("scripted error"),
    code: z.string().nullable().default(null),
    headers: z.record(z.string(), z.string()).default({}),
  }),
]);
export type Step = z.input<typeof stepSchema>;
export type ParsedStep = z.output<typeof stepSchema>;

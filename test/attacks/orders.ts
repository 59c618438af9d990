import { z } from "zod";

const requestSchema = z.object({
  /** Everything before the body, and the body where it has a meaning. */
  head: z.string(),
  /** Letters to send after it. */
  bodyBytes: z.int().default(0),
});

/** What the attacker's process can be told to do. */
export const orderSchema = z.discriminatedUnion("do", [
  z.object({ do: z.literal("play a model"), answers: z.enum(["letters", "line", "honest"]) }),
  z.object({
    do: z.literal("besiege"),
    port: z.int(),
    requests: z.array(requestSchema),
    perSecond: z.int(),
    ms: z.int(),
    /** Whether answers are read; a hostile client leaves them. */
    read: z.boolean(),
  }),
]);
export type Order = z.output<typeof orderSchema>;

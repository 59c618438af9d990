import { z } from "zod";

/** One of the sessions of the person who asks. */
export const ownSessionSchema = z.strictObject({
  id: z.string(),
  /** The session that asks. */
  current: z.boolean(),
  /** The browser and the system in words; empty if they are not known. */
  device: z.string(),
  /** The address at which the session began; empty if it is not known. */
  address: z.string(),
  signed_in_at: z.iso.datetime(),
  /** Exact to a few minutes. */
  last_seen_at: z.iso.datetime(),
});
export type OwnSession = z.output<typeof ownSessionSchema>;

/** The answer of `GET /api/auth/account/sessions`. */
export const ownSessionsSchema = z.strictObject({ sessions: z.array(ownSessionSchema) });
export type OwnSessionList = z.output<typeof ownSessionsSchema>;

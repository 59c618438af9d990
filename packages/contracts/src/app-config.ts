import { z } from "zod";

/** Whether visitors may create an account. */
export const SIGN_UP = ["Open", "Closed"] as const;

/** What the pages need to know before a person signs in (`GET /api/config` of the frontend). None of it is secret. */
export const appConfigSchema = z.object({
  signUp: z.enum(SIGN_UP),
});
export type AppConfig = z.infer<typeof appConfigSchema>;

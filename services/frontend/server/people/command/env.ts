import { countField, databaseFields } from "@taskassistant/kit/process";
import { z } from "zod";
import { envSchema } from "../../env.ts";

/** The environment of the command for people: the frontend's, as far as it needs it. */
export const commandEnvSchema = z.object({
  DATABASE_URL: databaseFields.DATABASE_URL,
  DATABASE_SSL_MODE: databaseFields.DATABASE_SSL_MODE,
  DATABASE_CA_FILE: databaseFields.DATABASE_CA_FILE,
  DATABASE_WAIT_SECONDS: countField(60, { min: 0, max: 600 }).describe(
    "Seconds to wait for a PostgreSQL that can't be reached yet, as in a new pod whose network policy is not in place.",
  ),
  BETTER_AUTH_URL: envSchema.shape.BETTER_AUTH_URL.describe("Public URL of the assistant, with which the links begin."),
});

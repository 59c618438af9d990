import { serviceFields } from "@taskassistant/kit/process";
import { z } from "zod";

const { PORT, LOG_LEVEL, SHUTDOWN_GRACE_SECONDS } = serviceFields(8002);

/** The environment of the demo model. Health is served on the same port. */
export const envSchema = z.object({
  PORT,
  LOG_LEVEL,
  SHUTDOWN_GRACE_SECONDS,
  MODEL_SCRIPT_FILE: z
    .string()
    .optional()
    .describe(
      "File with a script that answers instead of the demo model. Only for tests: it also publishes the prompts.",
    ),
});

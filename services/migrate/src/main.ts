import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type MigrateDeps, MigrateError, migrate } from "@taskassistant/db";
import { errorText } from "@taskassistant/kit/failures";
import { createLogger, parseEnv } from "@taskassistant/kit/process";
import { envSchema } from "./env.ts";

/** The Job's program: migrates once and exits with 0, or with 1 and `{reason, message}` on standard error. */
async function main(): Promise<void> {
  const env = parseEnv(envSchema);
  const log = createLogger({ name: "migrate", level: env.LOG_LEVEL });
  const deps: MigrateDeps = {
    adminUrl: env.DATABASE_ADMIN_URL,
    ssl: { mode: env.DATABASE_SSL_MODE, caFile: env.DATABASE_CA_FILE },
    instanceId: env.INSTANCE_ID,
    passwords: {
      auth: env.AUTH_ROLE_PASSWORD,
      app: env.APP_ROLE_PASSWORD,
      maintenance: env.MAINTENANCE_ROLE_PASSWORD,
    },
    authSecret: env.BETTER_AUTH_SECRET,
    log,
  };
  const deadline = Date.now() + env.DATABASE_WAIT_SECONDS * 1000;
  for (;;) {
    try {
      await migrate(deps);
      return;
    } catch (error) {
      const waiting = error instanceof MigrateError && error.reason === "DatabaseUnreachable";
      if (!waiting || Date.now() >= deadline) throw error;
      log.info({ reason: error.message }, "waiting for the database");
      await sleep(500);
    }
  }
}

/** Writes to standard error, and to the termination message if that file exists: outside a pod it must not be created. */
function report(error: unknown): void {
  const reason = error instanceof MigrateError ? error.reason : "MigrationFailed";
  const message = errorText(error);
  // Kubernetes keeps 4,096 bytes.
  const text = JSON.stringify({ reason, message: message.slice(0, 3000) });
  process.stderr.write(`${text}\n`);
  try {
    writeFileSync(process.env.TERMINATION_MESSAGE_PATH || "/dev/termination-log", text, { flag: "r+" });
  } catch {
    // Not in a pod; standard error has it.
  }
}

await main().catch((error: unknown) => {
  report(error);
  process.exitCode = 1;
});

import { purgeExpired } from "@taskassistant/db";
import { createLogger, parseEnv, runMain } from "@taskassistant/kit/process";
import { maintenanceEnvSchema } from "./env.ts";

/** The CronJob's program: deletes what has expired, once, and logs how much. */
await runMain(async () => {
  const env = parseEnv(maintenanceEnvSchema);
  const log = createLogger({ name: "maintenance", level: env.LOG_LEVEL });
  const deleted = await purgeExpired(
    {
      url: env.DATABASE_URL,
      ssl: { mode: env.DATABASE_SSL_MODE, caFile: env.DATABASE_CA_FILE },
      applicationName: "taskassistant-maintenance",
    },
    { trashDays: env.TRASH_RETENTION_DAYS, auditDays: env.AUDIT_RETENTION_DAYS },
  );
  log.info({ deleted }, "deleted what had expired");
});

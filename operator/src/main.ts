import { writeFileSync } from "node:fs";
import { createLogger, parseEnv, redactEnv, runMain } from "@taskassistant/kit/process";
import { taskAssistantResource } from "./api/taskassistants/v1alpha1/index.ts";
import { uninstallObstacle } from "./check-uninstall.ts";
import { envSchema, watchedNamespaces } from "./env.ts";
import { createClient, createTransport, loadKubeConfig } from "./kube/index.ts";
import { FIELD_MANAGER, runOperator } from "./operator.ts";

/** Longer than the manager's own drain. Work that has not ended by then is stuck. */
const STOP_LIMIT_MS = 30_000;

await runMain(async () => {
  const env = parseEnv(envSchema);
  const kubeConfig = await loadKubeConfig({ env: process.env });
  if (process.argv[2] === "check-uninstall") {
    const transport = createTransport({ config: kubeConfig, userAgent: "taskassistant-check-uninstall" });
    const client = createClient({ transport, resources: [taskAssistantResource], fieldManager: FIELD_MANAGER });
    const obstacle = await uninstallObstacle(client, watchedNamespaces(env), AbortSignal.timeout(STOP_LIMIT_MS));
    if (obstacle === undefined) return process.exit(0);
    console.error(obstacle);
    tell(obstacle);
    return process.exit(1);
  }

  const log = createLogger({ name: "operator", level: env.LOG_LEVEL });
  log.info({ env: redactEnv(envSchema, env), args: process.argv.slice(2) }, "starting");
  const stop = new AbortController();
  for (const name of ["SIGTERM", "SIGINT"] as const) {
    process.once(name, () => {
      log.info({ signal: name }, "stopping");
      stop.abort();
      setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
    });
  }
  try {
    await runOperator({ env, kubeConfig, log, signal: stop.signal });
    log.info({}, "stopped");
    process.exit(0);
  } catch (error) {
    log.fatal({ err: error }, "ending");
    process.exit(1);
  }
});

/** The kubelet copies this file into the pod's status, so that the reason is visible without logs. */
function tell(message: string): void {
  try {
    writeFileSync("/dev/termination-log", message);
  } catch {
    // Outside a pod there is no such file.
  }
}

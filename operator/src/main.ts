import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { createLogger, parseEnv, redactEnv, runMain } from "@taskassistant/kit/process";
import { taskAssistantBackupResource } from "./api/backups/v1alpha1/index.ts";
import { taskAssistantRestoreResource } from "./api/restores/v1alpha1/index.ts";
import { taskAssistantResource } from "./api/taskassistants/v1alpha1/index.ts";
import { checkUninstall, uncheckable, unreadableNamespace } from "./check-uninstall.ts";
import { type Env, envSchema, watchedNamespaces } from "./env.ts";
import { builtin, createClient, createTransport, type KubeConfigSource, loadKubeConfig } from "./kube/index.ts";
import { leaveNamespaces } from "./leave-namespaces.ts";
import { FIELD_MANAGER, NAMESPACE_LEASE, runOperator } from "./operator.ts";

/** Longer than the manager's own drain. Work that has not ended by then is stuck. */
const STOP_LIMIT_MS = 30_000;
/** Longer than the pause between two renewals of a namespace's lease. */
const LEASE_SETTLE_MS = 25_000;
const LEAVE_LIMIT_MS = 90_000;

await runMain(async () => {
  const env = parseEnv(envSchema);
  const kubeConfig = await loadKubeConfig({ env: process.env });
  if (process.argv[2] === "check-uninstall") return runUninstallCheck(env, kubeConfig);
  if (process.argv[2] === "leave-namespaces") return runLeaveNamespaces(env, kubeConfig, process.argv.slice(3));

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

/** Marks what an upgrade leaves unwatched. Always exits with 0. */
async function runLeaveNamespaces(env: Env, kubeConfig: KubeConfigSource, leaving: readonly string[]): Promise<never> {
  const transport = createTransport({ config: kubeConfig, userAgent: "taskassistant-leave-namespaces" });
  const resources = [taskAssistantResource, taskAssistantBackupResource, taskAssistantRestoreResource, builtin.Lease];
  const client = createClient({ transport, resources, fieldManager: FIELD_MANAGER });
  await leaveNamespaces(
    client,
    {
      leaving,
      staying: watchedNamespaces(env),
      installation: env.POD_NAMESPACE,
      lease: NAMESPACE_LEASE,
      settle: () => sleep(LEASE_SETTLE_MS),
      now: new Date(),
      say: (line) => console.log(line),
    },
    AbortSignal.timeout(LEAVE_LIMIT_MS),
  );
  process.exit(0);
}

/** Exits with 0 if the operator may be uninstalled, or with 1 and the reason. Helm prints the output when it is refused. */
async function runUninstallCheck(env: Env, kubeConfig: KubeConfigSource): Promise<never> {
  const transport = createTransport({ config: kubeConfig, userAgent: "taskassistant-check-uninstall" });
  const client = createClient({ transport, resources: [taskAssistantResource], fieldManager: FIELD_MANAGER });
  const release = { name: env.HELM_RELEASE, namespace: env.POD_NAMESPACE, revision: env.HELM_REVISION };
  const obstacle = await checkUninstall(
    client,
    watchedNamespaces(env),
    release,
    AbortSignal.timeout(STOP_LIMIT_MS),
  ).then(
    ({ obstacle, unreadable }) => {
      for (const namespace of unreadable) console.log(unreadableNamespace(namespace));
      return obstacle;
    },
    (error: unknown) => uncheckable(release, error),
  );
  if (obstacle === undefined) process.exit(0);
  console.error(obstacle);
  tell(obstacle);
  process.exit(1);
}

/** The kubelet copies this file into the pod's status, so that the reason is visible without logs. */
function tell(message: string): void {
  try {
    writeFileSync("/dev/termination-log", message);
  } catch {
    // Outside a pod there is no such file.
  }
}

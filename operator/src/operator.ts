import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { backoffMs, errorTextWithCause } from "@taskassistant/kit/failures";
import { startHealthServer } from "@taskassistant/kit/process";
import { taskAssistantBackupResource } from "./api/backups/v1alpha1/index.ts";
import { taskAssistantRestoreResource } from "./api/restores/v1alpha1/index.ts";
import { taskAssistantResource } from "./api/taskassistants/v1alpha1/index.ts";
import {
  controllerOptions,
  createAssistantViews,
  createCaches,
  createConflictLog,
  createDryRun,
  createExternalLookup,
  createProbe,
  createProbeSchedule,
  createReadyHold,
  createReconciler,
  createStatusPacing,
  fingerprintKey,
  type Probe,
} from "./assistants/index.ts";
import { type AskProgress, createAskProgress } from "./backup-jobs/index.ts";
import { backupController, scheduleController } from "./backups/index.ts";
import { clusterDomainOf } from "./cluster-domain.ts";
import { type Env, watchedNamespaces } from "./env.ts";
import { childResources } from "./kinds/index.ts";
import { apiVersionOf, builtin, createClient, createTransport, type KubeConfigSource } from "./kube/index.ts";
import { BUNDLED_VERSION, CATALOGUE, extendedCatalogue } from "./releases/index.ts";
import { restoreController } from "./restores/index.ts";
import {
  createEventRecorder,
  createManager,
  createMetricsRegistry,
  type EventRecorder,
  type Log,
  pause,
  requestMetrics,
  systemClock,
  type Unserved,
} from "./runtime/index.ts";

export interface OperatorDeps {
  readonly env: Env;
  readonly kubeConfig: KubeConfigSource;
  readonly log: Log;
  /** Stops the operator in order when it aborts. */
  readonly signal: AbortSignal;
  /** Replaces the probe (tests without a network to pods). */
  readonly probe?: Probe;
  /** Replaces the question how far a backup is (tests without a network to pods). */
  readonly askProgress?: AskProgress;
  /** Replaces the time of day (tests in which a deadline passes). */
  readonly now?: () => Date;
}

/** Owner of the fields this operator writes. */
export const FIELD_MANAGER = "taskassistant-operator";
/** Longest pause between two attempts at a resource whose reconcile fails. */
const MAX_RETRY_MS = 30_000;

/** Name of the lease that the acting operator holds. */
export const LEASE = "taskassistant-operator";
/** Name of the lease in each namespace with TaskAssistants: two installations never work in the same one. */
export const NAMESPACE_LEASE = "taskassistant-namespace";

/**
 * Runs the operator. It resolves after an ordered stop. It rejects with `LeaseLostError` when another process may have
 * taken over, and with another error when the cluster can't be used at all.
 */
export async function runOperator(deps: OperatorDeps): Promise<void> {
  const { env, kubeConfig, log, signal, probe, askProgress, now = () => new Date() } = deps;
  const clock = systemClock();
  const metrics = createMetricsRegistry();
  const transport = createTransport({
    config: kubeConfig,
    userAgent: `taskassistant-operator/${BUNDLED_VERSION}`,
    onRequest: requestMetrics(metrics),
    onWarning: (text) => log.warn({ warning: text }, "the API server warns"),
  });
  const client = createClient({
    transport,
    resources: [
      ...Object.values(builtin),
      ...childResources(),
      taskAssistantResource,
      taskAssistantBackupResource,
      taskAssistantRestoreResource,
    ],
    fieldManager: FIELD_MANAGER,
  });
  const instance = env.POD_NAME === "" ? hostname() : env.POD_NAME;
  const identity = `${instance}_${randomBytes(4).toString("hex")}`;
  const manager = createManager({
    client,
    namespaces: watchedNamespaces(env),
    log,
    metrics,
    ...(env.LEADER_ELECTION === "Disabled"
      ? {}
      : {
          leaderElection: {
            lease: { namespace: env.POD_NAMESPACE, name: LEASE },
            identity,
          },
          namespaceLeases: { name: NAMESPACE_LEASE, installation: env.POD_NAMESPACE, identity },
        }),
    followNamespaces: true,
    namespaceChanged: (namespace, unserved) => tellUnserved(events, namespace, unserved),
  });
  /** What keeps the operator from starting. */
  let obstacle: string | undefined;
  const health = await startHealthServer({
    port: env.HEALTH_PORT,
    live: () => manager.live(),
    ready: () => {
      const missing = obstacle === undefined ? manager.ready() : [obstacle];
      if (missing.length > 0) throw new Error(missing.join("; "));
      return manager.notes().join("; ");
    },
    metrics: () => metrics.render(),
    log,
  });
  const events = createEventRecorder({
    client,
    controller: "taskassistant.dev/operator",
    instance,
    clock,
    log,
    metrics,
  });
  try {
    const hmacKey = await retried(
      () => fingerprintKey(client, env.POD_NAMESPACE, signal),
      signal,
      (problem) => {
        obstacle = problem;
        if (problem !== undefined) log.warn({ reason: problem }, "not started yet");
      },
    );
    if (hmacKey === undefined) return;
    const caches = createCaches(manager, hmacKey);
    const ask = env.PROBES === "Disabled" ? undefined : (probe ?? createProbe({ fetch }));
    const config = {
      operatorNamespace: env.POD_NAMESPACE,
      clusterDomain: clusterDomainOf(await readFile("/etc/resolv.conf", "utf8").catch(() => "")),
      catalogue: extendedCatalogue(CATALOGUE, { images: env.RELEASE_IMAGES, catalogue: env.RELEASE_CATALOGUE }),
      userIds: env.USER_IDS,
      operatorVersion: BUNDLED_VERSION,
    };
    const external = createExternalLookup(caches);
    const reconcile = createReconciler({
      caches,
      events,
      external,
      probes: createProbeSchedule({ probe: ask, changed: (name) => controller.enqueue(name), clock, signal }),
      pacing: createStatusPacing(clock.now),
      readyHold: createReadyHold(clock.now),
      conflicts: createConflictLog(),
      dryRun: createDryRun(),
      config,
      now,
    });
    // Somebody waits in front of each of them: once the cause is gone, it must not take five minutes.
    const controller = manager.add({ ...controllerOptions(caches, reconcile), maxRetryMs: MAX_RETRY_MS });
    const views = createAssistantViews({ caches, external, config, now });
    const shared = {
      watches: caches.shared,
      views,
      askProgress: askProgress ?? createAskProgress({ fetch }),
      events,
      now,
    };
    for (const options of [backupController(shared), scheduleController(shared), restoreController(shared)]) {
      manager.add({ ...options, maxRetryMs: MAX_RETRY_MS });
    }
    await manager.run({ signal });
  } finally {
    await events.flush(AbortSignal.timeout(3000));
    await health.close();
    await transport.close();
  }
}

const FIRST_RETRY_MS = 500;

/** Calls until it succeeds; undefined when the signal aborts. `note` learns what went wrong, and nothing once it is over. */
async function retried<T>(
  call: () => Promise<T>,
  signal: AbortSignal,
  note: (problem: string | undefined) => void,
): Promise<T | undefined> {
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      const result = await call();
      note(undefined);
      return result;
    } catch (error) {
      if (signal.aborted) break;
      note(errorTextWithCause(error));
      const ms = backoffMs(failures, { firstMs: FIRST_RETRY_MS, maxMs: MAX_RETRY_MS, jitter: Math.random });
      await pause(systemClock(), ms, signal);
    }
  }
  return undefined;
}

/** Where `kubectl get events` shows it to whoever wonders why nothing happens. A namespace that can't be read takes no Event. */
function tellUnserved(events: Pick<EventRecorder, "record">, namespace: string, unserved: Unserved | undefined): void {
  if (unserved?.cause !== "held") return;
  const metadata = { namespace, name: NAMESPACE_LEASE };
  events.record({
    regarding: { apiVersion: apiVersionOf(builtin.Lease), kind: builtin.Lease.kind, metadata },
    type: "Warning",
    reason: "NamespaceNotServed",
    action: "Serve",
    note: `A second TaskAssistant operator does nothing here: ${unserved.reason}. Next: helm list -A shows the releases. Uninstall one, or take the namespace out of its watchNamespaces.`,
  });
}

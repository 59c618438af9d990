import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Cluster, startControlPlane } from "@taskassistant/cluster";
import { taskAssistantBackupResource } from "../../src/api/backups/v1alpha1/index.ts";
import { taskAssistantRestoreResource } from "../../src/api/restores/v1alpha1/index.ts";
import { type TaskAssistant, taskAssistantResource } from "../../src/api/taskassistants/v1alpha1/index.ts";
import type { Probe } from "../../src/assistants/index.ts";
import type { AskProgress } from "../../src/backup-jobs/index.ts";
import { envSchema as operatorEnv } from "../../src/env.ts";
import { childResources } from "../../src/kinds/index.ts";
import {
  builtin,
  createClient,
  createTransport,
  type KubeClient,
  type KubeConfigSource,
  type KubeObject,
  loadKubeConfig,
  type Resource,
} from "../../src/kube/index.ts";
import { runOperator } from "../../src/operator.ts";
import type { AuditEntry } from "./audit.ts";

export const OPERATOR_NAMESPACE = "taskassistant-system";
export const root = join(import.meta.dirname, "../../..");

/** A control plane with the CRD and the operator's namespace, and a client for the tests. */
export interface ClusterHarness {
  readonly cluster: Cluster;
  readonly client: KubeClient;
  readonly signal: AbortSignal;
  /** The part of the audit log that was read. */
  readonly read: { offset: number; readonly entries: AuditEntry[] };
  namespace(name: string, labels?: Record<string, string>): Promise<void>;
  get<T extends KubeObject = AnyObject>(resource: Resource, namespace: string, name: string): Promise<T | undefined>;
  list(resource: Resource, namespace: string): Promise<AnyObject[]>;
  stop(): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into objects of every kind
export type AnyObject = KubeObject & Record<string, any>;

export async function startClusterHarness(
  name: string,
  options: { withoutDefinition?: true; withoutScheduler?: true } = {},
): Promise<ClusterHarness> {
  const cluster = await startControlPlane({ name, scheduler: options.withoutScheduler !== true });
  const transport = createTransport({
    config: await loadKubeConfig({ env: process.env, path: cluster.kubeconfig }),
    userAgent: "operator-test",
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
    fieldManager: "operator-test",
  });
  const { signal } = new AbortController();
  const harness: ClusterHarness = {
    cluster,
    client,
    signal,
    read: { offset: 0, entries: [] },
    namespace: async (namespace, labels = {}) => {
      await client.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels } }, { signal });
    },
    get: (resource, namespace, objectName) => client.get(resource, { namespace, name: objectName }, { signal }),
    list: async (resource, namespace) => (await client.list<AnyObject>(resource, { namespace, signal })).items,
    stop: async () => {
      await transport.close();
      await cluster.stop();
    },
  };
  if (options.withoutDefinition !== true) {
    await cluster.kubectl("apply", "-f", join(root, "crds"));
    const established = ["wait", "--for=condition=Established", "-f", join(root, "crds"), "--timeout=30s"];
    // kubectl fails at once while the definition has no conditions at all.
    await eventually("the definition", async () => (await cluster.kubectl.run(established)).code === 0);
  }
  await harness.namespace(OPERATOR_NAMESPACE);
  return harness;
}

/** Starts the operator in this process. It watches all namespaces unless the environment says otherwise. */
export async function startOperator(
  harness: ClusterHarness,
  options: {
    probe?: Probe;
    askProgress?: AskProgress;
    now?: () => Date;
    env?: Record<string, string>;
    kubeConfig?: KubeConfigSource;
  } = {},
) {
  const stop = new AbortController();
  const lines: string[] = [];
  const note = (level: string) => (fields: object, message: string) =>
    void lines.push(`${level} ${message} ${describe(fields)}`);
  const env = operatorEnv.parse({
    POD_NAMESPACE: OPERATOR_NAMESPACE,
    WATCH_NAMESPACES: "*",
    HEALTH_PORT: "0",
    LEADER_ELECTION: "Disabled",
    ...options.env,
  });
  const kubeConfig =
    options.kubeConfig ?? (await loadKubeConfig({ env: process.env, path: harness.cluster.kubeconfig }));
  const done = runOperator({
    env,
    kubeConfig,
    log: { debug: note("debug"), info: note("info"), warn: note("warn"), error: note("error") },
    signal: stop.signal,
    probe: options.probe ?? (async () => ({})),
    askProgress: options.askProgress ?? (async () => undefined),
    ...(options.now === undefined ? {} : { now: options.now }),
  });
  done.catch((error: unknown) => lines.push(`ended ${error}`));
  return {
    lines,
    stop: async () => {
      stop.abort();
      await done;
    },
  };
}

function describe(fields: object): string {
  return JSON.stringify(fields, (_key, value) => (value instanceof Error ? `${value.name}: ${value.message}` : value));
}

/** Repeats `check` until it returns something, and returns that. */
export async function eventually<T>(
  what: string,
  check: () => Promise<T | undefined | false>,
  timeoutMs = 150_000,
): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const found = await check();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`${what}: not within ${timeoutMs / 1000} s`);
    await sleep(100);
  }
}

export function condition(assistant: TaskAssistant | undefined, type: string) {
  return assistant?.status?.conditions?.find((each) => each.type === type);
}

/** Waits until a condition has this status and, if given, this reason; returns the resource. */
export async function waitCondition(
  harness: ClusterHarness,
  ref: { namespace: string; name: string },
  type: string,
  status: string,
  reason?: string,
  timeoutMs = 150_000,
): Promise<TaskAssistant> {
  let last: TaskAssistant | undefined;
  try {
    return await eventually(
      `${type}=${status}`,
      async () => {
        last = await harness.client.get<TaskAssistant>(taskAssistantResource, ref, { signal: harness.signal });
        const found = condition(last, type);
        const current = found?.observedGeneration === last?.metadata.generation;
        return current && found?.status === status && (reason === undefined || found.reason === reason)
          ? last
          : undefined;
      },
      timeoutMs,
    );
  } catch (error) {
    const shown = (last?.status?.conditions ?? []).map(
      (each) => `  ${each.type}=${each.status}/${each.reason}: ${each.message}`,
    );
    throw new Error(`${ref.name}: ${type}=${status}/${reason ?? "*"} expected, found\n${shown.join("\n")}`, {
      cause: error,
    });
  }
}

export function assistantObject(
  namespace: string,
  name: string,
  spec: object = { model: { provider: "Demo" } },
  labels = {},
): AnyObject {
  return {
    apiVersion: "taskassistant.dev/v1alpha1",
    kind: "TaskAssistant",
    metadata: { namespace, name, labels },
    spec,
  };
}

export async function createAssistant(
  harness: ClusterHarness,
  namespace: string,
  name: string,
  spec?: object,
): Promise<void> {
  await harness.client.create(assistantObject(namespace, name, spec), { signal: harness.signal });
}

export function patchAssistant(
  harness: ClusterHarness,
  namespace: string,
  name: string,
  patch: object,
): Promise<AnyObject> {
  return harness.client.mergePatch<AnyObject>(taskAssistantResource, { namespace, name }, patch, {
    signal: harness.signal,
  });
}

export async function secret(
  harness: ClusterHarness,
  namespace: string,
  name: string,
  stringData: Record<string, string>,
): Promise<void> {
  await harness.client.apply(
    { apiVersion: "v1", kind: "Secret", metadata: { namespace, name }, stringData } as KubeObject,
    { signal: harness.signal, force: "always" },
  );
}

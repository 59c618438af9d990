import { setTimeout as sleep } from "node:timers/promises";
import { builtin, type KubeClient, type KubeObject } from "../../src/kube/index.ts";

/** What happens to a pod. */
export type Fate =
  | "ready"
  | "pending"
  /** Runs and does not end, also a pod of a Job. */
  | "running"
  /** Runs and does not become ready. */
  | "unready"
  | { readonly succeeded: string }
  | { readonly failed: string }
  | { readonly crashing: string }
  | { readonly waiting: { readonly reason: string; readonly message: string } };

export type Pod = KubeObject & {
  readonly spec: {
    readonly containers: readonly {
      readonly name: string;
      readonly image: string;
      readonly args?: readonly string[];
    }[];
    readonly restartPolicy: string;
  };
  readonly status?: { readonly phase?: string };
};

/**
 * Stands in for scheduler and kubelet: it writes the status of pods, so that the real controllers (Deployments,
 * StatefulSets, Jobs) see them run. `fate` decides for each pod, again and again until the pod has ended.
 */
export function startStubKubelet(client: KubeClient, fate: (pod: Pod) => Fate = () => "ready") {
  const stop = new AbortController();
  const written = new Map<string, string>();
  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const labelSelector = "app.kubernetes.io/part-of=taskassistant";
      // A kubelet outlives its API server.
      const items = await client.list<Pod>(builtin.Pod, { signal: stop.signal, labelSelector }).then(
        (list) => list.items,
        () => [],
      );
      for (const pod of items) {
        if (pod.metadata.deletionTimestamp !== undefined || ["Succeeded", "Failed"].includes(pod.status?.phase ?? ""))
          continue;
        const status = statusFor(pod, fate(pod));
        const text = JSON.stringify(status);
        if (written.get(pod.metadata.uid!) === text) continue;
        const ref = { namespace: pod.metadata.namespace!, name: pod.metadata.name };
        const now = new Date().toISOString();
        await client
          .mergePatch(
            builtin.Pod,
            ref,
            { status: { ...status, startTime: now } },
            { signal: stop.signal, subresource: "status" },
          )
          .then(
            () => written.set(pod.metadata.uid!, text),
            () => undefined,
          );
      }
      await sleep(50, undefined, { signal: stop.signal });
    }
  };
  const running = run().catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  return {
    stop: async () => {
      stop.abort();
      await running;
    },
  };
}

function statusFor(pod: Pod, fate: Fate): object {
  const [container] = pod.spec.containers;
  const base = { name: container!.name, image: container!.image, imageID: "sha256:0", restartCount: 0 };
  const conditions = (ready: boolean) =>
    ["PodScheduled", "Initialized", "ContainersReady", "Ready"].map((type) => ({
      type,
      status: ready || type === "PodScheduled" || type === "Initialized" ? "True" : "False",
    }));
  if (fate === "pending") return { phase: "Pending" };
  if (fate === "unready") {
    const containerStatuses = [{ ...base, ready: false, state: { running: {} } }];
    return { phase: "Running", conditions: conditions(false), containerStatuses };
  }
  if (fate === "ready" || fate === "running" || "succeeded" in fate) {
    if (fate !== "running" && pod.spec.restartPolicy === "Never") {
      const message = fate === "ready" ? {} : { message: fate.succeeded };
      return {
        phase: "Succeeded",
        conditions: conditions(false),
        containerStatuses: [{ ...base, ready: false, state: { terminated: { exitCode: 0, ...message } } }],
      };
    }
    return {
      phase: "Running",
      podIP: "10.0.0.1",
      conditions: conditions(true),
      containerStatuses: [{ ...base, ready: true, state: { running: {} } }],
    };
  }
  if ("failed" in fate) {
    const terminated = { exitCode: 1, message: fate.failed, finishedAt: "2026-01-01T00:00:00Z" };
    return {
      phase: "Failed",
      conditions: conditions(false),
      containerStatuses: [{ ...base, ready: false, state: { terminated } }],
    };
  }
  if ("crashing" in fate) {
    const terminated = { exitCode: 1, message: fate.crashing, finishedAt: "2026-01-01T00:00:00Z" };
    const waiting = { reason: "CrashLoopBackOff", message: "back-off" };
    return {
      phase: "Running",
      conditions: conditions(false),
      containerStatuses: [{ ...base, restartCount: 3, ready: false, state: { waiting }, lastState: { terminated } }],
    };
  }
  return {
    phase: "Pending",
    conditions: conditions(false),
    containerStatuses: [{ ...base, ready: false, state: { waiting: fate.waiting } }],
  };
}

import type { KubeObject } from "../../kube/index.ts";

interface Terminated {
  readonly exitCode?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly finishedAt?: string;
}

interface ContainerStatus {
  readonly name: string;
  readonly image?: string;
  readonly ready?: boolean;
  readonly restartCount?: number;
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly terminated?: Terminated;
  };
  readonly lastState?: { readonly terminated?: Terminated };
}

/** What of a pod is looked at. */
export interface PodSummary extends KubeObject {
  readonly status: {
    readonly phase?: string;
    readonly conditions: readonly { type: string; status: string; reason?: string; message?: string }[];
    readonly containerStatuses: readonly ContainerStatus[];
  };
}

type FullPod = KubeObject & { readonly status?: Partial<PodSummary["status"]> };

/** Keeps of a pod only what the conditions are made from. */
export function reducePod(pod: KubeObject): PodSummary {
  const { metadata, apiVersion, kind } = pod;
  const { status } = pod as FullPod;
  return {
    apiVersion,
    kind,
    metadata,
    status: {
      ...(status?.phase === undefined ? {} : { phase: status.phase }),
      conditions: (status?.conditions ?? []).filter(({ type }) => type === "PodScheduled" || type === "Ready"),
      containerStatuses: status?.containerStatuses ?? [],
    },
  };
}

/** What keeps a pod from running. */
export interface PodTrouble {
  readonly reason: "Unschedulable" | "ImagePullFailed" | "ContainerConfigError" | "CrashLooping";
  readonly message: string;
}

const IMAGE_REASONS = new Set([
  "ErrImagePull",
  "ImagePullBackOff",
  "InvalidImageName",
  "ErrImageNeverPull",
  "ImageInspectError",
]);
const CONFIG_REASONS = new Set(["CreateContainerConfigError", "CreateContainerError", "RunContainerError"]);

/** Every pod is unschedulable for a moment: while its volume is made, or a node is added. */
export const SCHEDULING_GRACE_MS = 10_000;

/** The trouble of the newest pod that has some; undefined while all is well or only slow. */
export function podTrouble(pods: readonly PodSummary[], now: Date): PodTrouble | undefined {
  const newestFirst = pods
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .sort((a, b) => (b.metadata.creationTimestamp ?? "").localeCompare(a.metadata.creationTimestamp ?? ""));
  for (const pod of newestFirst) {
    const trouble = troubleOf(pod, now);
    if (trouble !== undefined) return trouble;
  }
  return undefined;
}

function troubleOf(pod: PodSummary, now: Date): PodTrouble | undefined {
  const { name, namespace, creationTimestamp = "" } = pod.metadata;
  const describe = `kubectl -n ${namespace} describe pod ${name}`;
  for (const status of pod.status.containerStatuses) {
    const waiting = status.state?.waiting;
    if (waiting?.reason !== undefined && IMAGE_REASONS.has(waiting.reason)) {
      return {
        reason: "ImagePullFailed",
        message: `Image ${status.image} can't be pulled${pullWords(waiting)} Next: ${describe}`,
      };
    }
    if (waiting?.reason !== undefined && CONFIG_REASONS.has(waiting.reason)) {
      return {
        reason: "ContainerConfigError",
        message: `Pod ${name} can't start: ${clip(waiting.message ?? waiting.reason)} Next: ${describe}`,
      };
    }
    const last = status.lastState?.terminated ?? status.state?.terminated;
    const crashing = waiting?.reason === "CrashLoopBackOff" || (status.restartCount ?? 0) > 1;
    if (status.ready !== true && crashing && last !== undefined && last.exitCode !== 0) {
      const words = clip(last.message ?? last.reason ?? "");
      return {
        reason: "CrashLooping",
        message: `Pod ${name} ended ${status.restartCount ?? 1} times, last with exit code ${last.exitCode}: ${words} Next: kubectl -n ${namespace} logs ${name} --previous`,
      };
    }
  }
  // Where containers have a status a node was found, whatever the condition still says.
  if (pod.status.containerStatuses.length > 0) return undefined;
  const scheduled = pod.status.conditions.find(({ type }) => type === "PodScheduled");
  if (
    scheduled?.status === "False" &&
    scheduled.reason === "Unschedulable" &&
    !(now.getTime() - Date.parse(creationTimestamp) < SCHEDULING_GRACE_MS)
  ) {
    return {
      reason: "Unschedulable",
      message: `No node takes pod ${name}: ${scheduled.message ?? "no reason given"} Next: ${describe}`,
    };
  }
  return undefined;
}

/**
 * Why an image can't be had. The kubelet tries, waits, tries again, and says the same with each turn in other words: told
 * as they are, the status would change for as long as the image is missing.
 */
function pullWords({ reason = "", message }: { reason?: string; message?: string }): string {
  const tries = reason === "ErrImagePull" || reason === "ImagePullBackOff";
  const cause = message?.replace(/^Back-off pulling image "[^"]*": (ErrImagePull: )?/, "");
  return `${tries ? "" : ` (${reason})`}: ${clip(cause)}`;
}

/** The last words of the newest failed container among these pods. */
export function lastFailure(pods: readonly PodSummary[]): string | undefined {
  const failures = pods
    .flatMap(({ status }) => status.containerStatuses)
    .flatMap(({ state, lastState }) => state?.terminated ?? lastState?.terminated ?? [])
    .filter(({ exitCode }) => exitCode !== 0)
    .sort((a, b) => (b.finishedAt ?? "").localeCompare(a.finishedAt ?? ""));
  const [newest] = failures;
  return newest === undefined ? undefined : (newest.message ?? newest.reason ?? `exit code ${newest.exitCode}`);
}

function clip(text: string | undefined): string {
  const line = (text ?? "no reason given").trim().replace(/\s+/g, " ");
  return line.length > 400 ? `...${line.slice(-400)}` : line;
}

import { describePod, readPreviousLogs } from "../words/advice.ts";
import { clipped, sentence } from "../words/quote.ts";
import type { PodSummary } from "./summary.ts";

/** What keeps a pod from running. */
export interface PodTrouble {
  readonly reason: "PodsRefused" | "Unschedulable" | "ImagePullFailed" | "ContainerConfigError" | "CrashLooping";
  readonly message: string;
}

type ContainerStatus = PodSummary["status"]["containerStatuses"][number];

const IMAGE_REASONS = new Set([
  "ErrImagePull",
  "ImagePullBackOff",
  "InvalidImageName",
  "ErrImageNeverPull",
  "ImageInspectError",
]);
const CONFIG_REASONS = new Set(["CreateContainerConfigError", "CreateContainerError", "RunContainerError"]);

/** Every pod is unschedulable for a moment, while its volume is created or a node is added. */
export const SCHEDULING_GRACE_MS = 10_000;

/** The trouble of the newest pod that has some; undefined while all pods are well or only slow. */
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
  const { containerStatuses } = pod.status;
  for (const status of containerStatuses) {
    const trouble = imageTrouble(pod, status) ?? configTrouble(pod, status) ?? crashTrouble(pod, status);
    if (trouble !== undefined) return trouble;
  }
  // A pod whose containers have a status runs on a node, even if its condition still says otherwise.
  return containerStatuses.length > 0 ? undefined : schedulingTrouble(pod, now);
}

function imageTrouble(pod: PodSummary, { image, state }: ContainerStatus): PodTrouble | undefined {
  const { reason, message } = state?.waiting ?? {};
  if (reason === undefined || !IMAGE_REASONS.has(reason)) return undefined;
  // The kubelet tries, waits and tries again, and words it differently each time. Quoted as it is, the status would change
  // for as long as the image is missing.
  const isRetried = reason === "ErrImagePull" || reason === "ImagePullBackOff";
  const cause = message?.replace(/^Back-off pulling image "[^"]*": (ErrImagePull: )?/, "");
  const problem = `Image ${image} can't be pulled${isRetried ? "" : ` (${reason})`}: ${clipped(cause)}`;
  return { reason: "ImagePullFailed", message: `${sentence(problem)} ${describePod(named(pod))}` };
}

function configTrouble(pod: PodSummary, { state }: ContainerStatus): PodTrouble | undefined {
  const { reason, message } = state?.waiting ?? {};
  if (reason === undefined || !CONFIG_REASONS.has(reason)) return undefined;
  const problem = `Pod ${pod.metadata.name} can't start: ${clipped(message ?? reason)}`;
  return { reason: "ContainerConfigError", message: `${sentence(problem)} ${describePod(named(pod))}` };
}

function crashTrouble(pod: PodSummary, status: ContainerStatus): PodTrouble | undefined {
  const last = status.lastState?.terminated ?? status.state?.terminated;
  const isCrashing = status.state?.waiting?.reason === "CrashLoopBackOff" || (status.restartCount ?? 0) > 1;
  if (status.ready === true || !isCrashing || last === undefined || last.exitCode === 0) return undefined;
  const times = status.restartCount ?? 1;
  const problem = `Pod ${pod.metadata.name} has crashed ${times} ${times === 1 ? "time" : "times"}, last with exit code ${last.exitCode}: ${clipped(last.message ?? last.reason)}`;
  return { reason: "CrashLooping", message: `${sentence(problem)} ${readPreviousLogs(named(pod))}` };
}

function schedulingTrouble(pod: PodSummary, now: Date): PodTrouble | undefined {
  const scheduled = pod.status.conditions.find(({ type }) => type === "PodScheduled");
  if (scheduled?.status !== "False" || scheduled.reason !== "Unschedulable") return undefined;
  const age = now.getTime() - Date.parse(pod.metadata.creationTimestamp ?? "");
  if (age < SCHEDULING_GRACE_MS) return undefined;
  const problem = `No node can run pod ${pod.metadata.name}: ${scheduled.message ?? "no reason given"}`;
  return { reason: "Unschedulable", message: `${sentence(problem)} ${describePod(named(pod))}` };
}

/** What the newest failed container among these pods said last. */
export function lastFailure(pods: readonly PodSummary[]): string | undefined {
  const failures = pods
    .flatMap(({ status }) => status.containerStatuses)
    .flatMap(({ state, lastState }) => state?.terminated ?? lastState?.terminated ?? [])
    .filter(({ exitCode }) => exitCode !== 0)
    .sort((a, b) => (b.finishedAt ?? "").localeCompare(a.finishedAt ?? ""));
  const [newest] = failures;
  return newest === undefined ? undefined : (newest.message ?? newest.reason ?? `exit code ${newest.exitCode}`);
}

function named({ metadata }: PodSummary) {
  return { namespace: metadata.namespace ?? "", name: metadata.name };
}

import type { LiveJob } from "../kinds/index.ts";
import {
  lastFailure,
  type PodRefusal,
  type PodSummary,
  type PodTrouble,
  podTrouble,
  refusedPods,
} from "../pods/index.ts";
import { type Failure, failureOf, type Result, resultOf } from "./result.ts";

/** How a Job does. */
export type Attempt =
  | { readonly state: "absent" }
  /** `podIP`: whom to ask how far it is. `trouble`: what keeps its pod from running. */
  | { readonly state: "running"; readonly podIP?: string; readonly trouble?: PodTrouble }
  | { readonly state: "succeeded"; readonly result: Result | undefined }
  | { readonly state: "failed"; readonly failure: Failure };

/** What the Job and its pods say. `refusal`: what the API server said last when it refused a pod of the Job. */
export function attemptOf(
  job: LiveJob | undefined,
  pods: readonly PodSummary[],
  refusal: PodRefusal | undefined,
  now: Date,
): Attempt {
  if (job === undefined) return { state: "absent" };
  const ended = (type: string) => job.status?.conditions?.find((each) => each.type === type && each.status === "True");
  const own = pods.filter(({ metadata }) => metadata.labels?.["batch.kubernetes.io/job-name"] === job.metadata.name);
  if (ended("Complete") !== undefined) return { state: "succeeded", result: firstResult(own) };
  const failed = ended("Failed");
  if (failed !== undefined) {
    const words = lastFailure(own);
    const failure = failureOf(words) ?? { reason: "", message: words ?? failed.message ?? "the Job failed" };
    return { state: "failed", failure };
  }
  const running = own.find(({ status }) => status.phase === "Running")?.status.podIP;
  const trouble = refusedPods(job, refusal, own, now) ?? podTrouble(own, now);
  return {
    state: "running",
    ...(running === undefined ? {} : { podIP: running }),
    ...(trouble === undefined ? {} : { trouble }),
  };
}

function firstResult(pods: readonly PodSummary[]): Result | undefined {
  for (const { status } of pods) {
    for (const { state } of status.containerStatuses) {
      const result = resultOf(state?.terminated?.message);
      if (result !== undefined) return result;
    }
  }
  return undefined;
}

import type { LiveObject } from "../kube/index.ts";
import { repairRefusal } from "../words/advice.ts";
import { clipped, sentence } from "../words/quote.ts";
import type { PodRefusal } from "./refusals.ts";
import type { PodSummary } from "./summary.ts";
import type { PodTrouble } from "./trouble.ts";

/**
 * A refusal that is not repeated for so long is over: the StatefulSet controller tries again after 17 minutes at most, the Job
 * controller after 10.
 */
const VALID_MS = 20 * 60_000;

/** Whether what was refused is still refused. An Event without a time counts. */
export function isRefused(refusal: PodRefusal, now: Date): boolean {
  return !(now.getTime() - Date.parse(refusal.at) > VALID_MS);
}

/** What the API server says about the pods of a Job or a StatefulSet that it refuses, as long as it has none. */
export function refusedPods(
  { kind, metadata }: Pick<LiveObject, "kind" | "metadata">,
  refusal: PodRefusal | undefined,
  pods: readonly PodSummary[],
  now: Date,
): PodTrouble | undefined {
  // A pod of the same name that is still being deleted passes by itself.
  if (refusal === undefined || refusal.note.endsWith("already exists")) return undefined;
  const { uid } = refusal.regarding;
  const hasPod = pods.some((pod) => pod.metadata.ownerReferences?.some((owner) => owner.uid === uid) === true);
  if (hasPod || !isRefused(refusal, now)) return undefined;
  return podsRefused(metadata.namespace ?? "", kind, metadata.name, refusal.note);
}

/** The trouble of a workload whose pods are refused with these words. */
export function podsRefused(namespace: string, kind: string, name: string, words: string): PodTrouble {
  const problem = sentence(`The pods of ${kind} ${name} are refused: ${clipped(words)}`);
  return { reason: "PodsRefused", message: `${problem} ${repairRefusal(namespace, `${kind} ${name}`, words)}` };
}

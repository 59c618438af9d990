import { repairRefusal } from "../../../advice.ts";
import type { Component } from "../../../desired/index.ts";
import { refusalWords } from "../../../observe/pod-refusals.ts";
import { childId, type LiveDeployment, type Snapshot } from "../../../observe/snapshot.ts";
import { clipped, sentence } from "../words.ts";
import type { PodTrouble } from "./pod-trouble.ts";
import { podsOf } from "./pods-of.ts";

/**
 * A refusal that is not repeated for so long is over: the StatefulSet controller tries again after 17 minutes at most, the Job
 * controller after 10.
 */
const VALID_MS = 20 * 60_000;

/** What the API server says about the pods of a Deployment that it refuses. Others of its pods may run. */
export function deploymentPodsRefused({ key }: Snapshot, { metadata, status }: LiveDeployment): PodTrouble | undefined {
  const failure = status?.conditions?.find((each) => each.type === "ReplicaFailure" && each.status === "True");
  return failure && refused(key.namespace, "Deployment", metadata.name, refusalWords(failure.message ?? ""));
}

/** The same for a Job or a StatefulSet, as long as no pod of the component exists. */
export function podsRefused(
  snapshot: Snapshot,
  kind: "Job" | "StatefulSet",
  name: string,
  component: Component,
): PodTrouble | undefined {
  const refusal = snapshot.refusals.get(childId(kind, name));
  // A pod of the same name that is still being deleted passes by itself.
  if (refusal === undefined || refusal.note.endsWith("already exists")) return undefined;
  const hasPod = podsOf(snapshot, component).some(({ metadata }) =>
    isPodOf(metadata.ownerReferences, refusal.regarding.uid),
  );
  const age = snapshot.now.getTime() - Date.parse(refusal.at);
  // An Event without a time counts.
  return hasPod || age > VALID_MS ? undefined : refused(snapshot.key.namespace, kind, name, refusal.note);
}

/** What the API server says about the Jobs of a CronJob that it refuses. */
export function jobsRefused(snapshot: Snapshot, cronJob: string): PodTrouble | undefined {
  const refusal = snapshot.refusals.get(childId("CronJob", cronJob));
  if (refusal === undefined || snapshot.now.getTime() - Date.parse(refusal.at) > VALID_MS) return undefined;
  const problem = sentence(`The Jobs of CronJob ${cronJob} are refused: ${clipped(refusal.note)}`);
  const next = repairRefusal(snapshot.key.namespace, `CronJob ${cronJob}`, refusal.note);
  return { reason: "PodsRefused", message: `${problem} ${next}` };
}

function isPodOf(owners: readonly { readonly uid: string }[] | undefined, uid: string): boolean {
  return owners?.some((owner) => owner.uid === uid) ?? false;
}

function refused(namespace: string, kind: string, name: string, words: string): PodTrouble {
  const problem = sentence(`The pods of ${kind} ${name} are refused: ${clipped(words)}`);
  return { reason: "PodsRefused", message: `${problem} ${repairRefusal(namespace, `${kind} ${name}`, words)}` };
}

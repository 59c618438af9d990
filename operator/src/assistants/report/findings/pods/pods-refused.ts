import { isRefused, type PodTrouble, podsRefused, refusalWords, refusedPods } from "../../../../pods/index.ts";
import { repairRefusal } from "../../../../words/advice.ts";
import { clipped, sentence } from "../../../../words/quote.ts";
import type { Component } from "../../../desired/index.ts";
import { childId, type LiveDeployment, type Snapshot } from "../../../observe/snapshot.ts";
import { podsOf } from "./pods-of.ts";

/** What the API server says about the pods of a Deployment that it refuses. Others of its pods may run. */
export function deploymentPodsRefused({ key }: Snapshot, { metadata, status }: LiveDeployment): PodTrouble | undefined {
  const failure = status?.conditions?.find((each) => each.type === "ReplicaFailure" && each.status === "True");
  return failure && podsRefused(key.namespace, "Deployment", metadata.name, refusalWords(failure.message ?? ""));
}

/** The same for a Job or a StatefulSet, as long as no pod of the component exists. */
export function componentPodsRefused(
  snapshot: Snapshot,
  kind: "Job" | "StatefulSet",
  name: string,
  component: Component,
): PodTrouble | undefined {
  const refusal = snapshot.refusals.get(childId(kind, name));
  const metadata = { namespace: snapshot.key.namespace, name };
  return refusedPods({ kind, metadata }, refusal, podsOf(snapshot, component), snapshot.now);
}

/** What the API server says about the Jobs of a CronJob that it refuses. */
export function jobsRefused(snapshot: Snapshot, cronJob: string): PodTrouble | undefined {
  const refusal = snapshot.refusals.get(childId("CronJob", cronJob));
  if (refusal === undefined || !isRefused(refusal, snapshot.now)) return undefined;
  const problem = sentence(`The Jobs of CronJob ${cronJob} are refused: ${clipped(refusal.note)}`);
  const next = repairRefusal(snapshot.key.namespace, `CronJob ${cronJob}`, refusal.note);
  return { reason: "PodsRefused", message: `${problem} ${next}` };
}

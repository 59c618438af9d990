import { type TaskAssistantStatus, TIERS, type Tier } from "../../api/taskassistants/v1alpha1/index.ts";
import type { Child } from "../../kinds/index.ts";
import { componentOf, namesOf, OWNS_REPLICAS, ownedReplicas } from "../desired/index.ts";
import { activeRestore } from "../observe/restoring.ts";
import { type LiveDeployment, liveDeployment, type Snapshot } from "../observe/snapshot.ts";

type Counts = NonNullable<TaskAssistantStatus["suspendedReplicas"]>;

/** Whether all tiers have no pods for now: the resource is suspended, or its data is being restored. */
export function isStopped(snapshot: Snapshot): boolean {
  return snapshot.assistant.spec.suspend || activeRestore(snapshot) !== undefined;
}

/**
 * Counts from before a suspension or a restore, for tiers whose count the spec leaves open. They are read from Deployments whose count the
 * operator does not hold yet, and kept until the suspension is over and the count was handed back.
 */
export function suspendedReplicas(snapshot: Snapshot): Counts | undefined {
  const { spec, status, metadata } = snapshot.assistant;
  const counts: { [T in Tier]?: number } = {};
  for (const tier of TIERS) {
    const live = liveDeployment(snapshot, namesOf(metadata.name).component(tier));
    const saved = status?.suspendedReplicas?.[tier];
    const current = live !== undefined && !ownsReplicas(live) ? live.spec?.replicas : undefined;
    const keep = isStopped(snapshot)
      ? (current ?? saved)
      : live !== undefined && ownsReplicas(live)
        ? saved
        : undefined;
    if (spec[tier]?.replicas === undefined && keep !== undefined) counts[tier] = keep;
  }
  return Object.keys(counts).length === 0 ? undefined : counts;
}

/** One object to apply. With `handover`, the operator gives up the replica count and first passes it on unchanged. */
export interface PlannedApply {
  readonly child: Child;
  readonly handover?: number;
}

/** Plans the apply of a child, with the replica count to hand over if it is a tier that gives it up. */
export function plannedApply(snapshot: Snapshot, child: Child): PlannedApply {
  const tier = TIERS.find((each) => each === componentOf(child));
  if (child.kind !== "Deployment" || tier === undefined) return { child };
  const handover = handoverReplicas(snapshot, tier, liveDeployment(snapshot, child.metadata.name));
  return handover === undefined ? { child } : { child, handover };
}

/**
 * The count to hand over when the operator gives up the field; undefined when it does not hold it or keeps it. A plain apply
 * without the field would reset the count to 1. A count of 0 came from a suspension and becomes 1 again.
 */
function handoverReplicas(snapshot: Snapshot, tier: Tier, live: LiveDeployment | undefined): number | undefined {
  if (live === undefined || !ownsReplicas(live)) return undefined;
  if (ownedReplicas(snapshot.assistant.spec, tier, isStopped(snapshot)) !== undefined) return undefined;
  const current = live.spec?.replicas ?? 1;
  return current > 0 ? current : (snapshot.assistant.status?.suspendedReplicas?.[tier] ?? 1);
}

function ownsReplicas(live: LiveDeployment): boolean {
  return live.metadata.annotations?.[OWNS_REPLICAS] === "true";
}

import { type TaskAssistantStatus, TIERS, type Tier } from "../../api/taskassistants/v1alpha1/index.ts";
import { namesOf, OWNS_REPLICAS, ownedReplicas } from "../desired/index.ts";
import { type LiveDeployment, liveDeployment, type Observed } from "../observe/snapshot.ts";

type Counts = NonNullable<TaskAssistantStatus["suspendedReplicas"]>;

/**
 * Counts from before a suspension, for tiers whose count the spec leaves open. They are taken from Deployments that
 * we do not yet hold, and kept until the suspension is over and the count was handed back.
 */
export function suspendedReplicas(observed: Observed): Counts | undefined {
  const { spec, status, metadata } = observed.assistant;
  const counts: { [T in Tier]?: number } = {};
  for (const tier of TIERS) {
    const live = liveDeployment(observed, namesOf(metadata.name).component(tier));
    const saved = status?.suspendedReplicas?.[tier];
    const current = live !== undefined && !ownsReplicas(live) ? live.spec?.replicas : undefined;
    const keep = spec.suspend ? (current ?? saved) : live !== undefined && ownsReplicas(live) ? saved : undefined;
    if (spec[tier]?.replicas === undefined && keep !== undefined) counts[tier] = keep;
  }
  return Object.keys(counts).length === 0 ? undefined : counts;
}

/**
 * The count to hand over when we give up a field we hold; undefined when there is nothing to hand over. A plain apply
 * without the field would reset it to 1. A count of 0 was ours and nobody else's wish: it becomes 1 again.
 */
export function handoverReplicas(observed: Observed, tier: Tier, live: LiveDeployment | undefined): number | undefined {
  if (live === undefined || !ownsReplicas(live)) return undefined;
  if (ownedReplicas(observed.assistant.spec, tier) !== undefined) return undefined;
  const current = live.spec?.replicas ?? 1;
  return current > 0 ? current : (observed.assistant.status?.suspendedReplicas?.[tier] ?? 1);
}

function ownsReplicas(live: LiveDeployment): boolean {
  return live.metadata.annotations?.[OWNS_REPLICAS] === "true";
}

import type { KubeClient } from "../../kube/index.ts";
import { allChildren } from "../desired/index.ts";
import { childId, type Snapshot } from "../observe/snapshot.ts";
import type { Freeze, Frozen, PlannedChange } from "../plan/freeze.ts";
import type { Plan } from "../plan/plan.ts";
import type { Gate } from "../plan/waiting.ts";
import { change, changesOf } from "./changes.ts";
import type { DryRun } from "./dry-run.ts";

export interface PreviewDeps {
  readonly client: KubeClient;
  readonly signal: AbortSignal;
  readonly dryRun: DryRun;
}

/**
 * The plan of a resource whose children are frozen: it does nothing, and says what it would do. With `exact`, the API server is asked
 * for each object what would change.
 */
export async function preview(
  deps: PreviewDeps,
  snapshot: Snapshot,
  plan: Plan,
  by: Freeze,
  exact: boolean,
): Promise<Plan> {
  const found = changesOf(snapshot, plan);
  const changes: PlannedChange[] = [];
  for (const each of found.changes) {
    const pending = each.action === "Change" ? found.pending.get(childId(each.kind, each.name)) : undefined;
    const outcome = exact && pending !== undefined ? await deps.dryRun(deps, pending) : undefined;
    if (outcome === undefined || pending === undefined) changes.push(each);
    else if (outcome.refused !== undefined) changes.push({ ...each, refused: outcome.refused });
    else changes.push(change(pending.child, pending.live, outcome.fields));
  }
  return { ...held(snapshot, plan, by), frozen: { by, changes, migrates: found.migrates, ...upgradeOf(plan) } };
}

/** The release that everything would be built from, if it is not the one that runs. */
function upgradeOf({ upgrade }: Plan): Pick<Frozen, "upgrade"> {
  const from = upgrade?.running;
  const to = upgrade?.versionOf("api");
  return from === undefined || to === undefined || from === to ? {} : { upgrade: { from, to } };
}

/** The plan without anything to do. What does not exist waits for the freeze to end, whatever else it waits for. */
function held(snapshot: Snapshot, plan: Plan, by: Freeze): Plan {
  const { requeueAfterMs: _, ...rest } = plan;
  const absent = (plan.desired === undefined ? [] : allChildren(plan.desired))
    .map(({ kind, metadata }) => childId(kind, metadata.name))
    .filter((id) => !snapshot.children.has(id));
  const gate: Gate = { kind: by };
  return {
    ...rest,
    createSecrets: [],
    apply: [],
    remove: [],
    relabel: [],
    waiting: new Map(absent.map((id) => [id, gate])),
    suspendedReplicas: snapshot.assistant.status?.suspendedReplicas,
  };
}

/**
 * The snapshot for the report on frozen children: whether they are suspended is what was carried out last, and not what the spec asks
 * for by now.
 */
export function asItRuns(snapshot: Snapshot): Snapshot {
  const { assistant } = snapshot;
  const suspended = assistant.status?.conditions?.some(({ type, status }) => type === "Suspended" && status === "True");
  const spec = { ...assistant.spec, suspend: suspended ?? false };
  return { ...snapshot, assistant: { ...assistant, spec } };
}

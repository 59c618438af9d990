import { isAlreadyExists } from "../kube/index.ts";
import { type Key, keyId, type Reconcile, type ReconcileContext } from "../runtime/index.ts";
import { type ApplyProblem, applyAll, removeAll } from "./apply/apply.ts";
import type { ConflictLog } from "./apply/conflicts.ts";
import { ensureFinalizer, finalize } from "./apply/finalizer.ts";
import { drawValue } from "./apply/random-value.ts";
import { secretObject } from "./desired/index.ts";
import type { ExternalLookup } from "./observe/external-database.ts";
import type { Observed } from "./observe/snapshot.ts";
import { type Plan, type PlanConfig, plan } from "./plan/plan.ts";
import { type ReportDeps, report, reportDeletion, writeStatus } from "./report/report.ts";

export interface ReconcilerDeps extends ReportDeps {
  readonly external: ExternalLookup;
  readonly conflicts: ConflictLog;
  readonly config: PlanConfig & ReportDeps["config"];
}

/**
 * Brings one TaskAssistant to its desired state: observe, plan, apply, status. Every step can be the last one before a
 * crash: what was decided lies in the cluster (object names, Secrets, status), and the next run finds it there.
 */
export function createReconciler(deps: ReconcilerDeps): Reconcile {
  return async (key, context) => {
    const observed = await observe(deps, key, context);
    const isLeaving = observed?.assistant.metadata.deletionTimestamp !== undefined;
    if (observed === undefined || isLeaving) {
      deps.probing.forget(key);
      deps.pacing.settle(keyId(key));
    }
    if (observed === undefined) return {};
    if (isLeaving) return reportDeletion(deps, observed, await finalize(context, observed), context);
    if (await ensureFinalizer(context, observed)) return {};

    const made = plan(observed, deps.config);
    await saveCounts(observed, made, context);
    const problems = await carryOut(deps, observed, made, context);
    return report(deps, key, observed, made, problems, context);
  };
}

async function observe(
  deps: ReconcilerDeps,
  key: Key,
  { client, signal }: ReconcileContext,
): Promise<Observed | undefined> {
  const assistant = deps.caches.assistants.get(key);
  if (assistant === undefined) return undefined;
  const external = await deps.external(assistant, client, signal);
  return deps.caches.observe(key, external, deps.now());
}

/** Secrets first: everything else refers to them. */
async function carryOut(
  deps: ReconcilerDeps,
  observed: Observed,
  made: Plan,
  context: ReconcileContext,
): Promise<ApplyProblem[]> {
  const { client, signal, log } = context;
  const { name, namespace = "", uid = "" } = observed.assistant.metadata;
  for (const secret of made.createSecrets) {
    try {
      await client.create(secretObject({ name, namespace, uid }, secret, drawValue), { signal });
    } catch (error) {
      // It is there already: what it holds is what counts.
      if (!isAlreadyExists(error)) throw error;
    }
  }
  const problems = await applyAll({ client, signal, conflicts: deps.conflicts, log }, observed, made.apply);
  await removeAll({ client, signal }, made.remove);
  return problems;
}

/** Before a tier is scaled to 0, its count must be on record: a crash in between would lose it. */
async function saveCounts(observed: Observed, made: Plan, context: ReconcileContext): Promise<void> {
  const { assistant } = observed;
  const wanted = made.suspendedReplicas;
  const saved = assistant.status?.suspendedReplicas;
  const isNew = Object.entries(wanted ?? {}).some(([tier, count]) => saved?.[tier as keyof typeof saved] !== count);
  if (!assistant.spec.suspend || !isNew || wanted === undefined) return;
  await writeStatus(context.client, assistant, { ...assistant.status, suspendedReplicas: wanted }, context.signal);
}

import {
  type ControllerOptions,
  nameId,
  type ObjectName,
  type Reconcile,
  type ReconcileContext,
  type Result,
} from "../runtime/index.ts";
import { apply } from "./apply/apply.ts";
import type { ConflictLog } from "./apply/conflicts.ts";
import { ensureFinalizer, finalize, release } from "./apply/finalizer.ts";
import type { CacheSources, Caches } from "./observe/caches.ts";
import { type ObserveDeps, observe, observeAgain } from "./observe/observe.ts";
import { probeAnswer } from "./observe/probe-answer.ts";
import type { Snapshot } from "./observe/snapshot.ts";
import { type Freeze, freezeOf, isPlanned } from "./plan/freeze.ts";
import { type Plan, type PlanConfig, plan } from "./plan/plan.ts";
import type { DryRun } from "./preview/dry-run.ts";
import { asItRuns, preview } from "./preview/preview.ts";
import { reportDeletion, reportKept, reportRelease } from "./report/deletion.ts";
import { reportFailure } from "./report/failure.ts";
import { progressOf } from "./report/progress.ts";
import { type ReportDeps, report } from "./report/report.ts";
import { recordUpgrade } from "./report/upgrade/record-upgrade.ts";
import { saveSuspendedReplicas } from "./report/write-status.ts";
import type { UpgradeRecord } from "./upgrade/index.ts";

export interface ReconcilerDeps extends ObserveDeps, ReportDeps {
  readonly conflicts: ConflictLog;
  readonly dryRun: DryRun;
  readonly config: PlanConfig & ReportDeps["config"];
}

/**
 * Brings one TaskAssistant to its desired state: observe, plan, apply, report. The process may end after any step,
 * because every decision is stored in the cluster (object names, Secrets, status), where the next reconcile finds it.
 */
export function createReconciler(deps: ReconcilerDeps): Reconcile {
  function forget(key: ObjectName): void {
    deps.probes.forget(key);
    deps.pacing.settle(nameId(key));
    deps.readyHold.forget(nameId(key));
  }

  async function reconcile(key: ObjectName, context: ReconcileContext): Promise<Result> {
    const before = await observe(deps, key, context);
    if (before === undefined) {
      forget(key);
      return {};
    }
    if (context.terminating === true) {
      forget(key);
      return reportRelease(context, before, await release(context, before));
    }
    const frozen = freezeOf(before.assistant);
    if (before.assistant.metadata.deletionTimestamp !== undefined) {
      forget(key);
      if (frozen !== undefined) return letGo(before, context);
      return reportDeletion(deps, before, await finalize(context, before), context);
    }
    if (frozen !== undefined) return look(before, frozen, context);
    const finalizer = await ensureFinalizer(context, before);
    if (finalizer.changed) return {};

    const { outcome, ageMs } = deps.probes.last(key, before.assistant.metadata.uid);
    const planned = plan(before, deps.config, probeAnswer(outcome, before.now, ageMs));
    const recorded = await recordUpgrade(deps, context, before, planned, outcome);
    const made = withRecord(planned, recorded);
    // The verification needs an answer that was given after its beginning.
    if (recorded?.step === "Verify") deps.probes.forget(key);
    await saveSuspendedReplicas(context, before, made);
    const problems = await apply({ ...context, conflicts: deps.conflicts }, before, made);
    const after = observeAgain(deps, before);
    return after === undefined ? {} : report(deps, after, made, [...finalizer.problems, ...problems], context);
  }

  /** Deletes nothing, because nothing was to be changed, and lets the resource go, or its namespace would never end. */
  async function letGo(before: Snapshot, context: ReconcileContext): Promise<Result> {
    const problems = await release(context, before);
    if (problems.length === 0) reportKept(deps, before);
    return reportRelease(context, before, problems);
  }

  /** Says what would be done, and does nothing. */
  async function look(before: Snapshot, frozen: Freeze, context: ReconcileContext): Promise<Result> {
    const exact = isPlanned(before.assistant);
    const planned = plan(before, deps.config, "frozen");
    const made = await preview({ ...context, dryRun: deps.dryRun }, before, planned, frozen, exact);
    const after = observeAgain(deps, before);
    return after === undefined ? {} : report(deps, asItRuns(after), made, [], context);
  }

  return async (key, context) => {
    try {
      return await reconcile(key, context);
    } catch (error) {
      await reportFailure(deps, deps.caches.assistants.get(key), error, context);
      throw error;
    }
  };
}

/** The plan with the record as it was stored: it says why a step failed, which nobody can see any more afterwards. */
function withRecord(planned: Plan, record: UpgradeRecord | undefined): Plan {
  const { upgrade } = planned;
  return upgrade === undefined || record === undefined ? planned : { ...planned, upgrade: { ...upgrade, record } };
}

/** The controller of TaskAssistants: what it follows, and which of them it works on first in a burst. */
export function controllerOptions(
  { primary, watches, assistants }: CacheSources & Pick<Caches, "assistants">,
  reconcile: Reconcile,
): ControllerOptions {
  return {
    name: "taskassistant",
    primary,
    watches,
    reconcile,
    progress: (name) => progressOf(assistants.get(name)),
  };
}

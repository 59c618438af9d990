import type { TaskAssistantStatus } from "../../api/taskassistants/v1alpha1/index.ts";
import { type EventRecorder, nameId, type ReconcileContext, type Result } from "../../runtime/index.ts";
import type { ApplyProblem } from "../apply/problem.ts";
import type { ProbeSchedule } from "../observe/probe-schedule.ts";
import type { Snapshot } from "../observe/snapshot.ts";
import type { Plan } from "../plan/plan.ts";
import { recordTransitions } from "./events.ts";
import { assess } from "./findings/assess.ts";
import { factsOf } from "./findings/facts.ts";
import type { Finding } from "./findings/finding.ts";
import { SCHEDULING_GRACE_MS } from "./findings/pod-trouble.ts";
import { allTiersServe } from "./findings/server-state.ts";
import type { StatusPacing } from "./pacing.ts";
import { nextStatus, sameStatus } from "./status.ts";
import { writeStatus } from "./write-status.ts";

export interface ReportDeps {
  readonly probes: ProbeSchedule;
  readonly pacing: StatusPacing;
  readonly events: Pick<EventRecorder, "record">;
  readonly config: { readonly operatorVersion: string };
  readonly now: () => Date;
}

/** How long until something that could not be applied is tried again though nothing changed. */
const PROBLEM_RETRY_MS = 10_000;

/** Reports in the status what was found after a plan was carried out; returns when to reconcile again if nothing changes. */
export async function report(
  deps: ReportDeps,
  snapshot: Snapshot,
  plan: Plan,
  problems: readonly ApplyProblem[],
  context: ReconcileContext,
): Promise<Result> {
  const facts = factsOf(snapshot, plan, problems);
  const isServing = allTiersServe(facts.servers);
  const probe = isServing ? deps.probes.latest(snapshot.key, snapshot.assistant.metadata.uid) : undefined;
  if (!isServing) deps.probes.forget(snapshot.key);
  const nextProbe = isServing ? deps.probes.nextInMs(probe) : undefined;
  // Before the first answer nothing is reported, or each start of the operator would withdraw what is true.
  if (isServing && probe === undefined) return requeueAfter(nextProbe);

  const findings = assess(facts, probe);
  const held = await writeOrHold(deps, snapshot, nextStatus(snapshot, plan, findings, deps.config), findings, context);
  return requeueAfter(
    held,
    plan.requeueAfterMs,
    nextProbe,
    problems.length > 0 ? PROBLEM_RETRY_MS : undefined,
    // Pod trouble is reported after a grace period, and no change may trigger a reconcile until then.
    isReconciling(findings) ? SCHEDULING_GRACE_MS + 1_000 : undefined,
  );
}

/** Writes the status if it differs. Returns the milliseconds for which the write may wait, or undefined if none is due. */
async function writeOrHold(
  deps: ReportDeps,
  { key, assistant }: Snapshot,
  status: TaskAssistantStatus,
  findings: readonly Finding[],
  context: ReconcileContext,
): Promise<number | undefined> {
  const id = nameId(key);
  const isSame = sameStatus(assistant.status, status);
  const holdMs = isSame ? 0 : deps.pacing.holdMs(id, assistant.status, status);
  if (holdMs > 0) return holdMs;
  deps.pacing.settle(id);
  if (isSame) return undefined;
  await writeStatus(context, assistant, status);
  recordTransitions(deps.events, assistant, findings);
  return undefined;
}

function isReconciling(findings: readonly Finding[]): boolean {
  return findings.some(({ type, status }) => type === "Reconciling" && status === "True");
}

/** The earliest of the times at which something is due. */
function requeueAfter(...waits: readonly (number | undefined)[]): Result {
  const next = Math.min(...waits.filter((wait) => wait !== undefined));
  return Number.isFinite(next) ? { requeueAfterMs: next } : {};
}

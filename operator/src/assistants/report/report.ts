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
import { reportersOf } from "./findings/servers/model.ts";
import { allTiersServe } from "./findings/servers/server-state.ts";
import { nextReconcile } from "./next-reconcile.ts";
import type { ReadyHold } from "./ready-hold.ts";
import { nextStatus, sameStatus } from "./status.ts";
import type { StatusPacing } from "./status-pacing.ts";
import { writeStatus } from "./write-status.ts";

export interface ReportDeps {
  readonly probes: ProbeSchedule;
  readonly pacing: StatusPacing;
  readonly readyHold: ReadyHold;
  readonly events: Pick<EventRecorder, "record">;
  readonly config: { readonly operatorVersion: string };
  readonly now: () => Date;
}

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
  const probe = isServing
    ? deps.probes.latest(snapshot.key, snapshot.assistant.metadata.uid, reportersOf(snapshot))
    : undefined;
  if (!isServing) deps.probes.forget(snapshot.key);
  const nextProbe = isServing ? deps.probes.nextInMs(probe) : undefined;
  // Before the first answer nothing is reported, or each start of the operator would withdraw what is true.
  if (isServing && probe === undefined) return nextReconcile({ probeMs: nextProbe });

  const { findings, heldMs: readyHeldMs } = deps.readyHold.steady(
    nameId(snapshot.key),
    snapshot.assistant.status,
    assess(facts, probe),
  );
  const next = nextStatus(snapshot, plan, findings, deps.config, probe);
  const held = await writeOrHold(deps, snapshot, next, findings, context);
  return nextReconcile({
    heldMs: held,
    readyHeldMs,
    planMs: plan.requeueAfterMs,
    probeMs: nextProbe,
    problems,
    findings,
  });
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

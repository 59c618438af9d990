import { conditions } from "../../api/taskassistants/v1alpha1/conditions.ts";
import {
  DATA_FINALIZER,
  type TaskAssistant,
  type TaskAssistantStatus,
} from "../../api/taskassistants/v1alpha1/index.ts";
import type { ReconcileContext, Result } from "../../runtime/index.ts";
import { lookForKept, removeFinalizer } from "../../words/advice.ts";
import type { ApplyProblem, Deletion } from "../apply/problem.ts";
import type { Snapshot } from "../observe/snapshot.ts";
import { recordTransitions } from "./events.ts";
import { assessDeletion } from "./findings/assess.ts";
import type { ReportDeps } from "./report.ts";
import { sameStatus } from "./status.ts";
import { writeStatus } from "./write-status.ts";

/** How long until the next look at what is being deleted. */
const RETRY_MS = 5_000;

/** Reports what still exists of a resource that is being deleted. */
export async function reportDeletion(
  deps: Pick<ReportDeps, "events" | "now">,
  { assistant }: Snapshot,
  deletion: Deletion,
  context: ReconcileContext,
): Promise<Result> {
  if (deletion.retained !== undefined) tellRetained(deps, assistant, deletion.retained);
  if (deletion.left.length === 0 && deletion.problems.length === 0 && deletion.backup === undefined) return {};
  const findings = assessDeletion(assistant.metadata, deletion);
  const previous = assistant.status?.conditions;
  const generation = assistant.metadata.generation ?? 0;
  const kept = (previous ?? []).filter(({ type }) => !findings.some((found) => found.type === type));
  const status: TaskAssistantStatus = {
    ...assistant.status,
    conditions: [...conditions(findings, previous, generation, deps.now()), ...kept],
  };
  if (!sameStatus(assistant.status, status)) {
    await writeStatus(context, assistant, status);
    recordTransitions(deps.events, assistant, findings);
  }
  return { requeueAfterMs: RETRY_MS };
}

/** Tells what stays of a resource that is deleted while its children are frozen, though its policy says otherwise. */
export function reportKept({ events }: Pick<ReportDeps, "events">, { assistant }: Snapshot): void {
  const held = assistant.metadata.finalizers?.includes(DATA_FINALIZER) ?? false;
  if (!held || assistant.spec.deletion.policy === "Retain") return;
  events.record({
    regarding: assistant,
    type: "Warning",
    reason: "DataKept",
    action: "Delete",
    note: `It was deleted while the operator was kept from changing anything, so the data stays, as with deletion.policy Retain. ${lookForKept(assistant.metadata)}`,
  });
}

/** The resource is gone in a moment, so an Event is all that can say it. */
function tellRetained({ events }: Pick<ReportDeps, "events">, regarding: TaskAssistant, why: string): void {
  const note = `The volume and the credential Secrets stay, because there is no verified backup: ${why}. A new TaskAssistant of the same name uses them again.`;
  events.record({ regarding, type: "Warning", reason: "DataRetained", action: "Delete", note });
}

/** Says in the log what to do when the finalizer of a resource could not be removed before its namespace goes. */
export function reportRelease(
  { log }: ReconcileContext,
  { assistant }: Snapshot,
  problems: readonly ApplyProblem[],
): Result {
  if (problems.length === 0) return {};
  log.warn({ problems, next: removeFinalizer(assistant.metadata) }, "the finalizer could not be removed");
  return { requeueAfterMs: RETRY_MS };
}

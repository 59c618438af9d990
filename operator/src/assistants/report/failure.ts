import { errorText, errorTextWithCause } from "@taskassistant/kit/failures";
import { conditions } from "../../api/taskassistants/v1alpha1/conditions.ts";
import type { TaskAssistant } from "../../api/taskassistants/v1alpha1/index.ts";
import { identified } from "../../kube/index.ts";
import { LeaseLostError, type ReconcileContext } from "../../runtime/index.ts";
import { clipped, sentence } from "../../words/quote.ts";
import { recordTransitions } from "./events.ts";
import { finding } from "./findings/finding.ts";
import type { ReportDeps } from "./report.ts";
import { sameStatus } from "./status.ts";
import { StatusNotWritten, writeStatus } from "./write-status.ts";

/**
 * Reports that a reconcile ended with an error that no rule knows, so that the old status does not pass for the truth. When
 * the status itself can't be written, an Event says so. Never throws: the error that is reported is the one that counts.
 */
export async function reportFailure(
  deps: Pick<ReportDeps, "events" | "now">,
  assistant: TaskAssistant | undefined,
  error: unknown,
  context: ReconcileContext,
): Promise<void> {
  if (assistant === undefined || context.signal.aborted || error instanceof LeaseLostError) return;
  if (error instanceof StatusNotWritten) return recordUnwritten(deps, assistant, error);
  const message = `The operator failed while it looked at this resource: ${sentence(clipped(errorText(error)))}`;
  const findings = [finding("Ready", "ReconcileFailed", message), finding("Reconciling", "Progressing", message)];
  const previous = assistant.status?.conditions ?? [];
  const kept = previous.filter(({ type }) => !findings.some((found) => found.type === type));
  const generation = assistant.metadata.generation ?? 0;
  const status = {
    ...assistant.status,
    // Not the default, which would mean that no operator has looked.
    observedGeneration: assistant.status?.observedGeneration ?? 0,
    conditions: [...conditions(findings, previous, generation, deps.now()), ...kept],
  };
  if (sameStatus(assistant.status, status)) return;
  try {
    await writeStatus(context, identified(assistant), status);
    recordTransitions(deps.events, assistant, findings);
  } catch (failure) {
    if (failure instanceof StatusNotWritten) recordUnwritten(deps, assistant, failure);
  }
}

function recordUnwritten(deps: Pick<ReportDeps, "events">, regarding: TaskAssistant, error: StatusNotWritten): void {
  deps.events.record({
    regarding,
    type: "Warning",
    reason: "StatusNotWritten",
    action: "Report",
    note: `What kubectl shows may be out of date: ${clipped(errorTextWithCause(error))}`,
  });
}

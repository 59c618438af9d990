import type { Condition, TaskAssistant } from "../../api/taskassistants/v1alpha1/index.ts";
import type { EventNote, EventRecorder } from "../../runtime/index.ts";
import type { Finding } from "./findings/finding.ts";

/** Conditions without Events of their own: they summarise others. */
const SILENT: ReadonlySet<string> = new Set(["Reconciling", "Stalled"]);
/** What Stalled alone says, because the assistant works nevertheless. */
const SAID_BY_STALLED_ALONE = "VolumeNotExpandable";

/** Records one Event for each condition that changed, so that `kubectl describe` shows the history. */
export function recordTransitions(
  events: Pick<EventRecorder, "record">,
  assistant: TaskAssistant,
  findings: readonly Finding[],
): void {
  for (const event of transitionEvents(assistant, findings)) events.record(event);
}

/** The Events for what differs from the conditions that the resource has. */
export function transitionEvents(assistant: TaskAssistant, findings: readonly Finding[]): EventNote[] {
  const before = new Map((assistant.status?.conditions ?? []).map((condition) => [condition.type, condition]));
  return findings
    .filter((found) => !SILENT.has(found.type) || found.reason === SAID_BY_STALLED_ALONE)
    .filter((found) => isNews(before.get(found.type), found))
    .map((found) => ({
      regarding: assistant,
      type: isTrouble(found) && (found.status !== "True" || SILENT.has(found.type)) ? "Warning" : "Normal",
      reason: found.reason,
      action: found.type,
      note: `${found.type} is ${found.status}: ${found.message}`,
    }));
}

function isNews(before: Condition | undefined, found: Finding): boolean {
  if (before !== undefined)
    return before.status !== found.status || (isTrouble(found) && before.reason !== found.reason);
  if (isTrouble(found)) return true;
  // Nothing exists at first, so only what became true is news. That a resource is accepted or not suspended is not.
  return found.status === "True" && found.type !== "Accepted";
}

function isTrouble({ needsUser, warning }: Finding): boolean {
  return needsUser || warning;
}

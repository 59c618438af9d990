import type { Condition, TaskAssistant } from "../../api/taskassistants/v1alpha1/index.ts";
import type { EventNote } from "../../runtime/index.ts";
import type { Finding } from "./conditions.ts";

/** Conditions that repeat what others say, or that nobody waits for. */
const SILENT = new Set(["Reconciling", "Stalled"]);

/** One Event for each condition that changed, so that `kubectl describe` tells the story. */
export function transitionEvents(
  assistant: TaskAssistant,
  previous: readonly Condition[] | undefined,
  findings: readonly Finding[],
): EventNote[] {
  const before = new Map((previous ?? []).map((condition) => [condition.type, condition]));
  return findings
    .filter((found) => !SILENT.has(found.type) && isNews(before.get(found.type), found))
    .map(({ type, status, reason, message, needsUser }) => ({
      regarding: assistant,
      type: status === "True" || !(needsUser || TROUBLE.has(reason)) ? "Normal" : "Warning",
      reason,
      action: type,
      note: `${type} is ${status}: ${message}`,
    }));
}

const TROUBLE = new Set([
  "Unschedulable",
  "ImagePullFailed",
  "ContainerConfigError",
  "CrashLooping",
  "ProbeFailed",
  "VolumePending",
  "Unreachable",
  "DatabaseUnreachable",
  "MigrationFailed",
  "ApplyRefused",
  "FieldConflict",
  "TLSSecretNotFound",
]);

function isNews(before: Condition | undefined, found: Finding): boolean {
  const isTrouble = found.needsUser || TROUBLE.has(found.reason);
  if (found.type === "Suspended" || found.type === "Accepted") {
    // The normal state from the start is no story.
    if (before === undefined) return isTrouble || (found.type === "Suspended" && found.status === "True");
  }
  // Nothing exists at first: only what became true, or is in trouble, is told.
  if (before === undefined) return found.status === "True" || isTrouble;
  return before.status !== found.status || (isTrouble && before.reason !== found.reason);
}

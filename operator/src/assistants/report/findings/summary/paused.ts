import { removeAnnotation } from "../../../../words/advice.ts";
import { RECONCILE, withoutMeaning } from "../../../plan/freeze.ts";
import type { Facts } from "../facts.ts";
import { type Finding, finding } from "../finding.ts";

/** Whether a person has paused the operator for this resource. */
export function pausedFinding({ snapshot: { assistant }, plan }: Facts): Finding {
  if (plan.frozen?.by === "paused") {
    const held = plan.frozen.changes.length;
    const waits =
      held === 0
        ? "Nothing waits."
        : `${held} ${held === 1 ? "object waits" : "objects wait"} to be written or removed.`;
    return finding(
      "Paused",
      "Paused",
      `The operator changes nothing. ${waits} ${removeAnnotation(assistant.metadata, RECONCILE)}`,
    );
  }
  const [wrong] = withoutMeaning(assistant);
  if (wrong === undefined) return finding("Paused", "NotPaused", "The operator carries out the resource.");
  const value = wrong === RECONCILE ? "disabled" : "true";
  const problem = `The value of annotation ${wrong} means nothing; only "${value}" does.`;
  return finding("Paused", "UnknownValue", `${problem} ${removeAnnotation(assistant.metadata, wrong)}`);
}

import { plainText } from "@taskassistant/kit/failures";
import { conditions } from "../api/taskassistants/v1alpha1/conditions.ts";
import type { Condition, ReasonEntry } from "../api/taskassistants/v1alpha1/index.ts";

/** How a resource that is carried out once does, as its condition Complete says. */
export interface Outcome<R extends string = string> {
  readonly reason: R;
  readonly message: string;
  /** It has succeeded or failed, and nothing more happens. */
  readonly ended: boolean;
}

const MESSAGE_MAX_LENGTH = 2_000;

/** Complete, and what GitOps tools read. `entry`: the reason in its catalogue. */
export function oneShotConditions(
  { reason, message, ended }: Outcome,
  entry: ReasonEntry,
  previous: readonly Condition[] | undefined,
  generation: number,
  now: Date,
): Condition[] {
  const plain = plainText(message);
  const text = plain.length > MESSAGE_MAX_LENGTH ? `${plain.slice(0, MESSAGE_MAX_LENGTH)}...` : plain;
  const failed = ended && entry.status !== "True";
  const blocked = !ended && entry.needsUser === true;
  // No reason of these catalogues leaves the status open.
  const status = entry.status === "as found" ? "Unknown" : entry.status;
  const found = (type: string, status: Condition["status"], why: string, words: string) => ({
    type,
    status,
    reason: why,
    message: words,
  });
  return conditions(
    [
      found("Complete", status, reason, text),
      ended
        ? found("Reconciling", "False", "Settled", "Nothing is in progress.")
        : found("Reconciling", "True", "Progressing", text),
      failed
        ? found("Stalled", "True", "Failed", text)
        : blocked
          ? found("Stalled", "True", "UserActionNeeded", text)
          : found("Stalled", "False", "NotStalled", "Nothing blocks progress."),
    ],
    previous,
    generation,
    now,
  );
}

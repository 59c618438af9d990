import { type Condition, type ConditionType, REASONS, type ReasonOf } from "../../api/taskassistants/v1alpha1/index.ts";
import type { ReasonEntry } from "../../api/taskassistants/v1alpha1/reasons.ts";

/** What was found about one condition; its status follows from the reason. */
export interface Finding {
  readonly type: ConditionType;
  readonly status: Condition["status"];
  readonly reason: string;
  readonly message: string;
  /** Nothing will change until a person acts. */
  readonly needsUser: boolean;
}

const MESSAGE_LIMIT = 2000;

/** A finding with a reason of the catalogue. */
export function finding<T extends ConditionType>(type: T, reason: ReasonOf<T>, message: string): Finding {
  const reasons: Readonly<Record<string, ReasonEntry>> = REASONS[type].reasons;
  const entry = reasons[reason];
  if (entry === undefined) throw new Error(`${type} has no reason ${reason}`);
  const text = message.length > MESSAGE_LIMIT ? `${message.slice(0, MESSAGE_LIMIT)}...` : message;
  return { type, status: entry.status, reason, message: text, needsUser: entry.needsUser === true };
}

/** Findings as conditions; the time of the last transition is kept while the status stays. */
export function conditions(
  findings: readonly Finding[],
  previous: readonly Condition[] | undefined,
  generation: number,
  now: Date,
): Condition[] {
  const before = new Map((previous ?? []).map((condition) => [condition.type, condition]));
  return findings.map(({ type, status, reason, message }) => {
    const old = before.get(type);
    const lastTransitionTime = old?.status === status ? old.lastTransitionTime : `${now.toISOString().slice(0, 19)}Z`;
    return { type, status, reason, message, lastTransitionTime, observedGeneration: generation };
  });
}

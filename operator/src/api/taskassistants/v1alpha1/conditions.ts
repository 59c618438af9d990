import type { Condition } from "./index.ts";

/** Findings as conditions; the time of the last transition is kept while the status stays the same. */
export function conditions(
  findings: readonly Pick<Condition, "type" | "status" | "reason" | "message">[],
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

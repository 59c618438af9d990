import { SCHEDULING_GRACE_MS } from "../../pods/index.ts";
import type { Result } from "../../runtime/index.ts";
import type { ApplyProblem } from "../apply/problem.ts";
import type { Finding } from "./findings/finding.ts";

/** How long until something that could not be applied is tried again though nothing changed. */
const PROBLEM_RETRY_MS = 10_000;

/** What an assistant waits for. Each time in milliseconds, undefined when nothing of the kind is due. */
export interface Waits {
  /** Until the status may be written. */
  readonly heldMs?: number | undefined;
  /** Until Ready follows a doubt. */
  readonly readyHeldMs?: number | undefined;
  /** Until the plan can go on. */
  readonly planMs?: number | undefined;
  /** Until the services are asked again. */
  readonly probeMs?: number | undefined;
  readonly problems?: readonly ApplyProblem[];
  readonly findings?: readonly Finding[];
}

/** When to reconcile again if nothing changes: at the earliest of the times at which something is due. */
export function nextReconcile({ heldMs, readyHeldMs, planMs, probeMs, problems = [], findings = [] }: Waits): Result {
  const waits = [
    heldMs,
    readyHeldMs,
    planMs,
    probeMs,
    problems.length > 0 ? PROBLEM_RETRY_MS : undefined,
    // Pod trouble is reported after a grace period, and no change may trigger a reconcile until then.
    isReconciling(findings) ? SCHEDULING_GRACE_MS + 1_000 : undefined,
  ];
  const next = Math.min(...waits.filter((wait) => wait !== undefined));
  return Number.isFinite(next) ? { requeueAfterMs: next } : {};
}

function isReconciling(findings: readonly Finding[]): boolean {
  return findings.some(({ type, status }) => type === "Reconciling" && status === "True");
}

import type { TaskAssistantStatus } from "../../api/taskassistants/v1alpha1/index.ts";
import type { Finding } from "./findings/finding.ts";

/**
 * Keeps Ready as it is while the cause of a doubt may be over in seconds. Pods that are replaced, a packet that is lost and a database
 * that restarts would otherwise make Ready False and True again, and wake whoever is called by it.
 */
export interface ReadyHold {
  /** The findings to report, and the milliseconds after which to look again if Ready was kept. */
  steady(id: string, before: TaskAssistantStatus | undefined, findings: readonly Finding[]): Steadied;
  /** The resource is gone. */
  forget(id: string): void;
}

export interface Steadied {
  readonly findings: readonly Finding[];
  readonly heldMs?: number;
}

/**
 * How long a doubt must last. A kubelet takes nine seconds to find out that a pod is not ready, and a few more pass until no
 * Service leads to it. With the 41 seconds that a probe may need to notice, an outage is told within a minute.
 */
const HOLD_MS = 15_000;

/** `now`: monotonic milliseconds. */
export function createReadyHold(now: () => number): ReadyHold {
  // Kept in memory only, because after a restart the wait begins again.
  const doubtedSince = new Map<string, number>();

  return {
    steady(id, before, findings) {
      const was = before?.conditions?.find(({ type }) => type === "Ready");
      const ready = findings.find(({ type }) => type === "Ready");
      if (was?.status !== "True" || ready === undefined || ready.status === "True" || !ready.passing) {
        doubtedSince.delete(id);
        return { findings };
      }
      const since = doubtedSince.get(id) ?? now();
      doubtedSince.set(id, since);
      const heldMs = since + HOLD_MS - now();
      if (heldMs <= 0) return { findings };
      const kept: Finding = { ...ready, status: "True", reason: was.reason, message: was.message, warning: false };
      return { findings: findings.map((each) => (each === ready ? kept : each)), heldMs };
    },
    forget: (id) => void doubtedSince.delete(id),
  };
}

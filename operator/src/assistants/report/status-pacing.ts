import { isDeepStrictEqual } from "node:util";
import type { TaskAssistantStatus } from "../../api/taskassistants/v1alpha1/index.ts";

/**
 * Collects changes of a status before they are written. While an assistant starts, its pods change many times a second, and
 * each write costs the API server and every watcher. A change that somebody may be waiting for is written at once.
 */
export interface StatusPacing {
  /** Milliseconds until the status of `id` may be written; 0 if now. Called each time it differs. */
  holdMs(id: string, before: TaskAssistantStatus | undefined, next: TaskAssistantStatus): number;
  /** The status of `id` was written, needs no change, or its resource is gone. */
  settle(id: string): void;
}

/** Maximum delay of a status. */
const HOLD_MS = 2_000;

/** `now`: monotonic milliseconds. */
export function createStatusPacing(now: () => number): StatusPacing {
  // Kept in memory only, because after a restart the wait begins again.
  const differsSince = new Map<string, number>();
  return {
    holdMs(id, before, next) {
      if (matters(before, next)) return 0;
      const since = differsSince.get(id) ?? now();
      differsSince.set(id, since);
      return Math.max(0, since + HOLD_MS - now());
    },
    settle: (id) => void differsSince.delete(id),
  };
}

/**
 * Whether a change is written at once. People and tools wait for Ready and Stalled. A new generation is
 * written because the old Ready would pass for the answer to the new spec. The volume and the migration are written because
 * they show later whether data was lost or never existed.
 */
function matters(before: TaskAssistantStatus | undefined, next: TaskAssistantStatus): boolean {
  if (before !== undefined && before.observedGeneration !== next.observedGeneration) return true;
  if (!isDeepStrictEqual(factsOf(before), factsOf(next))) return true;
  const changed = (type: string) => statusOf(before, type) !== statusOf(next, type);
  return changed("Ready") || changed("Stalled");
}

function factsOf(status: TaskAssistantStatus | undefined) {
  return [status?.database?.volume, status?.database?.migration];
}

/** A resource without conditions is neither ready nor stalled. */
function statusOf(status: TaskAssistantStatus | undefined, type: string): string {
  return status?.conditions?.find((each) => each.type === type)?.status ?? "False";
}

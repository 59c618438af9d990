import { isDeepStrictEqual } from "node:util";
import type { TaskAssistantStatus } from "../../api/taskassistants/v1alpha1/index.ts";

/**
 * Lets changes of a status gather before they are written: while an assistant starts, its pods change many times a
 * second, and each write costs the API server and everybody who watches. What somebody may be waiting for is never held.
 */
export interface StatusPacing {
  /** Milliseconds the status of `id` is to be held; 0 = write it now. Asked each time it differs. */
  holdMs(id: string, before: TaskAssistantStatus | undefined, next: TaskAssistantStatus): number;
  /** The status of `id` was written, is right as it stands, or is nobody's any more. */
  settle(id: string): void;
}

/** How far a status may be behind. */
const HOLD_MS = 2000;

/** `now`: monotonic milliseconds. */
export function createStatusPacing(now: () => number): StatusPacing {
  // In memory on purpose: after a restart the wait begins anew.
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
 * Whether a change is written at once: Ready and Stalled, which people and tools wait for; the spec it speaks of, or an old
 * Ready would be taken for an answer to a new spec; what is known of the database, by which lost data is told from none.
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

/** A resource that nothing was told of yet is neither ready nor stalled. */
function statusOf(status: TaskAssistantStatus | undefined, type: string): string {
  return status?.conditions?.find((each) => each.type === type)?.status ?? "False";
}

import type { KubeObject } from "../../kube/index.ts";
import { backoff, type Clock } from "../clock.ts";
import { type KeyRequest, type Log, PRIORITY, type WatchOptions } from "../types.ts";
import { keyId, keyOf } from "./cache.ts";
import type { Change } from "./reflector.ts";

export interface DispatchDeps<T extends KubeObject> {
  readonly mapToKeys: WatchOptions<T>["mapToKeys"];
  /** Where the keys go. */
  readonly enqueue: (key: KeyRequest, priority: number) => void;
  readonly failed: () => void;
  readonly clock: Clock;
  readonly log: Log;
  readonly random?: () => number;
}

/** Turns changes into keys; never throws. */
export interface Dispatch<T extends KubeObject> {
  handle(change: Change<T>): void;
  /** Forgets what was to be tried again. */
  stop(): void;
}

const FIRST_RETRY_MS = 5;
const MAX_RETRY_MS = 300_000;

/**
 * Asks the consumer which keys a change concerns. When that throws, the change is counted and tried again with growing
 * delay; newer changes of the same object take its place, so a broken handler costs one timer per object.
 */
export function createDispatch<T extends KubeObject>(deps: DispatchDeps<T>): Dispatch<T> {
  const { clock, log, random = Math.random } = deps;
  const retries = new Map<string, { readonly cancel: () => void; readonly failures: number }>();

  function attempt(change: Change<T>, failures: number): void {
    const id = keyId(keyOf(change.object));
    try {
      for (const key of deps.mapToKeys(change.object, change.old, change.type)) {
        deps.enqueue(key, key.priority ?? priorityOf(change));
      }
      retries.delete(id);
    } catch (error) {
      deps.failed();
      const delay = backoff(failures, FIRST_RETRY_MS, MAX_RETRY_MS, random);
      const cancel = clock.after(delay, () => attempt(change, failures + 1));
      retries.set(id, { cancel, failures: failures + 1 });
      log.error(
        { object: `${change.object.kind} ${id}`, error: error instanceof Error ? error.message : String(error) },
        "a change handler threw; it is tried again",
      );
    }
  }

  return {
    handle(change) {
      const waiting = retries.get(keyId(keyOf(change.object)));
      waiting?.cancel();
      attempt(change, waiting?.failures ?? 0);
    },
    stop() {
      for (const { cancel } of retries.values()) cancel();
      retries.clear();
    },
  };
}

function priorityOf<T extends KubeObject>(change: Change<T>): number {
  if (change.initial || change.type === "resync") return PRIORITY.resync;
  const deleting = change.type === "updated" && change.object.metadata.deletionTimestamp !== undefined;
  return deleting ? PRIORITY.deletion : PRIORITY.change;
}

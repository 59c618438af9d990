import { backoffMs, errorText } from "@taskassistant/kit/failures";
import type { KubeObject } from "../../kube/index.ts";
import type { Clock } from "../clock.ts";
import { nameId, nameOf } from "../keys.ts";
import { type KeyRequest, type Log, PRIORITY, type Source } from "../types.ts";
import type { Change } from "./reflector.ts";

export interface KeyMappingDeps<T extends KubeObject> {
  readonly mapToKeys: Source<T>["mapToKeys"];
  readonly enqueue: (key: KeyRequest, priority: number) => void;
  readonly failed: () => void;
  readonly clock: Clock;
  readonly log: Log;
  readonly random?: () => number;
}

/** Maps changes to keys and enqueues them; never throws. */
export interface KeyMapping<T extends KubeObject> {
  handle(change: Change<T>): void;
  /** Gives up the changes that wait to be mapped again. */
  stop(): void;
}

const FIRST_RETRY_MS = 5;
const MAX_RETRY_MS = 300_000;

/**
 * Maps each change by the consumer's `mapToKeys`. When that throws, the change is counted and mapped again with growing
 * delay; a newer change of the same object replaces it, so a broken mapping costs one timer per object.
 */
export function createKeyMapping<T extends KubeObject>(deps: KeyMappingDeps<T>): KeyMapping<T> {
  const { clock, log, random = Math.random } = deps;
  const retries = new Map<string, { readonly cancel: () => void; readonly failures: number }>();

  function attempt(change: Change<T>, failures: number): void {
    const id = nameId(nameOf(change.object));
    try {
      for (const key of deps.mapToKeys(change.object, change.old, change.type)) {
        deps.enqueue(key, key.priority ?? priorityOf(change));
      }
      retries.delete(id);
    } catch (error) {
      deps.failed();
      const delay = backoffMs(failures, { firstMs: FIRST_RETRY_MS, maxMs: MAX_RETRY_MS, jitter: random });
      const cancel = clock.after(delay, () => attempt(change, failures + 1));
      retries.set(id, { cancel, failures: failures + 1 });
      log.error(
        { object: `${change.object.kind} ${id}`, error: errorText(error) },
        "mapToKeys threw; the change will be mapped again",
      );
    }
  }

  return {
    handle(change) {
      const waiting = retries.get(nameId(nameOf(change.object)));
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

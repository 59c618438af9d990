import { errorText } from "@taskassistant/kit/failures";
import type { Clock } from "../clock.ts";
import type { Log } from "../types.ts";
import type { MetricsRegistry } from "./metrics.ts";

export interface EventWritesDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics?: MetricsRegistry;
}

/** One write of an Event. */
export interface EventWrite {
  /** Name of the Event: writes of one Event keep their order. */
  readonly id: string;
  /** Something new, or the count of something already reported. */
  readonly kind: "transition" | "repeat";
  readonly send: (signal: AbortSignal) => Promise<unknown>;
}

/** Why an Event is lost: too many wait, too many of one object, or the API server refused it. */
export type DropCause = "queue_full" | "rate_limit" | "refused";

/** Writes that wait, and those in flight. */
export interface EventWrites {
  add(write: EventWrite): void;
  /** Counts an Event that is not written. */
  drop(cause: DropCause): void;
  /** Resolves when nothing waits or is in flight. */
  idle(): Promise<void>;
}

/** About 1 KiB each. */
const QUEUE_LIMIT = 5000;
const IN_FLIGHT = 4;
const WRITE_MS = 10_000;
const LOG_EVERY_MS = 60_000;

/** Sends a few writes at a time, transitions before repeats. When too many wait, the oldest repeat gives way. */
export function createEventWrites({ clock, log, metrics }: EventWritesDeps): EventWrites {
  const transitions = new Map<string, EventWrite>();
  const repeats = new Map<string, EventWrite>();
  const busy = new Set<string>();
  const idle: (() => void)[] = [];
  const written = metrics?.counter("events_written_total", "Writes of Events by what they say.");
  const dropped = metrics?.counter("events_dropped_total", "Events that were not written, by cause.");
  for (const kind of ["transition", "repeat"]) written?.inc({ kind }, 0);
  for (const cause of ["queue_full", "rate_limit", "refused"]) dropped?.inc({ cause }, 0);
  let droppedSinceLog = 0;
  let loggedAt = Number.NEGATIVE_INFINITY;
  let lastProblem = "";

  function drop(cause: DropCause, problem: string = cause): void {
    dropped?.inc({ cause });
    droppedSinceLog += 1;
    lastProblem = problem;
    if (clock.now() - loggedAt < LOG_EVERY_MS) return;
    loggedAt = clock.now();
    log.warn({ events: droppedSinceLog, cause: lastProblem }, "Events were dropped");
    droppedSinceLog = 0;
  }

  function makeRoom(kind: EventWrite["kind"]): boolean {
    if (transitions.size + repeats.size < QUEUE_LIMIT) return true;
    drop("queue_full", `more than ${QUEUE_LIMIT} writes wait`);
    const [oldest] = repeats.keys();
    return kind === "transition" && oldest !== undefined && repeats.delete(oldest);
  }

  /** The first write whose Event has no other write in flight. */
  function next(): EventWrite | undefined {
    for (const queue of [transitions, repeats]) {
      for (const [id, write] of queue) {
        if (busy.has(id)) continue;
        queue.delete(id);
        return write;
      }
    }
    return undefined;
  }

  function sendMore(): void {
    while (busy.size < IN_FLIGHT) {
      const write = next();
      if (write === undefined) break;
      busy.add(write.id);
      void send(write).finally(() => {
        busy.delete(write.id);
        sendMore();
      });
    }
    if (busy.size === 0) for (const resolve of idle.splice(0)) resolve();
  }

  async function send({ kind, send: call }: EventWrite): Promise<void> {
    try {
      await call(AbortSignal.timeout(WRITE_MS));
      written?.inc({ kind });
    } catch (error) {
      drop("refused", errorText(error));
    }
  }

  return {
    drop: (cause) => drop(cause),
    add(write) {
      const queue = write.kind === "transition" ? transitions : repeats;
      // A repeat that waits will send the newest count anyway, and a transition covers a repeat of the same Event.
      if (queue.has(write.id) || !makeRoom(write.kind)) return;
      queue.set(write.id, write);
      sendMore();
    },
    async idle() {
      if (busy.size > 0) await new Promise<void>((resolve) => idle.push(resolve));
    },
  };
}

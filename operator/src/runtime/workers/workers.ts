import { randomUUID } from "node:crypto";
import { backoffMs, errorTextWithCause } from "@taskassistant/kit/failures";
import { type KubeClient, linkedAbort } from "../../kube/index.ts";
import type { Clock } from "../clock.ts";
import { keyFromId } from "../keys.ts";
import type { Key, Log, Reconcile } from "../types.ts";
import type { AddOptions, WorkQueue } from "./queue.ts";

/** Counts what becomes of reconciles. */
export interface WorkersObserver {
  /** `result`: success, error, requeue_after. */
  reconciled(result: "success" | "error" | "requeue_after", seconds: number): void;
  timedOut(): void;
  /** Reconciles that run now. */
  active(count: number): void;
}

export interface WorkersDeps {
  readonly queue: WorkQueue;
  readonly reconcile: Reconcile;
  /** The client a reconcile of this id writes with. */
  readonly clientFor: (id: string) => KubeClient;
  /** Whether keys of a namespace are left alone. Somebody else adds them again when that is over. */
  readonly isUnserved?: (namespace: string) => boolean;
  readonly isTerminating?: (namespace: string) => boolean;
  /** Whether the caches have not yet seen what the last reconcile of this id wrote. */
  readonly behind: (id: string) => boolean;
  /** How far an object is on its way; default 0. */
  readonly progress?: ((key: Key) => number) | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly observer?: WorkersObserver;
  readonly concurrency?: number;
  readonly deadlineMs?: number;
}

export interface Workers {
  /** Starts the workers; `signal` aborts running reconciles. */
  start(signal: AbortSignal): void;
  /** Resolves when the queue is shut down and no reconcile runs any more. */
  idle(): Promise<void>;
}

/** What became of one reconcile. */
type Outcome =
  | { readonly kind: "done" }
  | { readonly kind: "later"; readonly afterMs: number }
  | { readonly kind: "failed" | "timedOut"; readonly error: unknown }
  /** The process stops, or may not act any more. */
  | { readonly kind: "stopped" };

interface Turn {
  readonly id: string;
  readonly key: Key;
  readonly priority: number;
}

const CATCH_UP_FIRST_MS = 5;
const CATCH_UP_MAX_MS = 1000;

/** Workers that take ids from the queue and act on the outcome as controller-runtime does. */
export function createWorkers(deps: WorkersDeps): Workers {
  const { queue, clock, observer, concurrency = 4, deadlineMs = 60_000 } = deps;
  const catchingUp = new Map<string, number>();
  let running: Promise<void>[] = [];
  let active = 0;

  async function handle(turn: Turn, signal: AbortSignal): Promise<void> {
    if (deps.isUnserved?.(turn.key.namespace) === true || hasToCatchUp(turn)) return;
    const log = withFields(deps.log, { ...turn.key, reconcileID: randomUUID() });
    settle(turn, await attempt(turn, log, signal), log);
  }

  /** Puts an id back while the caches have not seen what its last reconcile wrote. */
  function hasToCatchUp(turn: Turn): boolean {
    const { id } = turn;
    if (!deps.behind(id)) {
      catchingUp.delete(id);
      return false;
    }
    const waits = catchingUp.get(id) ?? 0;
    catchingUp.set(id, waits + 1);
    addAgain(turn, { afterMs: backoffMs(waits, { firstMs: CATCH_UP_FIRST_MS, maxMs: CATCH_UP_MAX_MS }) });
    return true;
  }

  async function attempt({ id, key }: Turn, log: Log, parent: AbortSignal): Promise<Outcome> {
    const link = linkedAbort(parent, deadlineMs);
    const started = clock.now();
    observer?.active(++active);
    let outcome: Outcome;
    try {
      const { requeueAfterMs = 0 } = await deps.reconcile(key, {
        signal: link.signal,
        client: deps.clientFor(id),
        log,
        terminating: deps.isTerminating?.(key.namespace) ?? false,
      });
      outcome = requeueAfterMs > 0 ? { kind: "later", afterMs: requeueAfterMs } : { kind: "done" };
    } catch (error) {
      if (parent.aborted) outcome = { kind: "stopped" };
      else outcome = { kind: link.signal.aborted ? "timedOut" : "failed", error };
    } finally {
      observer?.active(--active);
      link.release();
    }
    observer?.reconciled(RESULTS[outcome.kind], (clock.now() - started) / 1000);
    return outcome;
  }

  function settle(turn: Turn, outcome: Outcome, log: Log): void {
    switch (outcome.kind) {
      case "done":
        queue.forget(turn.id);
        break;
      case "later":
        queue.forget(turn.id);
        addAgain(turn, { afterMs: outcome.afterMs });
        break;
      case "timedOut":
        observer?.timedOut();
        fail(turn, outcome.error, log);
        break;
      case "failed":
        fail(turn, outcome.error, log);
        break;
      case "stopped":
        addAgain(turn, { rateLimited: true });
        break;
    }
  }

  function fail(turn: Turn, error: unknown, log: Log): void {
    addAgain(turn, { rateLimited: true });
    log.error({ error: errorTextWithCause(error), failures: queue.failures(turn.id) }, "reconcile failed");
  }

  function addAgain({ id, key, priority }: Turn, options: AddOptions): void {
    queue.add(id, { ...options, priority, progress: progressOf(key) });
  }

  function progressOf(key: Key): number {
    return deps.progress?.(key) ?? 0;
  }

  async function work(signal: AbortSignal): Promise<void> {
    for (let next = await queue.get(); next !== undefined; next = await queue.get()) {
      try {
        await handle({ ...next, key: keyFromId(next.id) }, signal);
      } finally {
        queue.done(next.id);
      }
    }
  }

  return {
    start(signal) {
      if (running.length > 0) throw new Error("the workers already run");
      running = Array.from({ length: concurrency }, () => work(signal));
    },
    idle: () => Promise.all(running).then(() => undefined),
  };
}

const RESULTS = {
  done: "success",
  later: "requeue_after",
  failed: "error",
  timedOut: "error",
  stopped: "error",
} as const satisfies Record<Outcome["kind"], string>;

/** The same log with fields on each line. */
export function withFields(log: Log, fields: object): Log {
  return {
    debug: (more, message) => log.debug({ ...fields, ...more }, message),
    info: (more, message) => log.info({ ...fields, ...more }, message),
    warn: (more, message) => log.warn({ ...fields, ...more }, message),
    error: (more, message) => log.error({ ...fields, ...more }, message),
  };
}

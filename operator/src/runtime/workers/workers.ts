import { randomUUID } from "node:crypto";
import { type KubeClient, linkedAbort } from "../../kube/index.ts";
import { backoff, type Clock } from "../clock.ts";
import type { Log, Reconcile } from "../types.ts";
import { keyFromId } from "../watch/cache.ts";
import type { WorkQueue } from "./queue.ts";

/** Told what becomes of reconciles. */
export interface ControllerObserver {
  /** `result`: success, error, requeue_after. */
  reconciled(result: "success" | "error" | "requeue_after", seconds: number): void;
  timedOut(): void;
  /** Reconciles that run now. */
  active(count: number): void;
}

export interface ControllerDeps {
  readonly queue: WorkQueue;
  readonly reconcile: Reconcile;
  /** The client a reconcile of this id writes with. */
  readonly clientFor: (id: string) => KubeClient;
  /** Whether the caches have not yet seen what the last reconcile of this id wrote. */
  readonly behind: (id: string) => boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly observer?: ControllerObserver;
  readonly workers?: number;
  readonly deadlineMs?: number;
}

export interface Controller {
  /** Starts the workers; `signal` aborts running reconciles. */
  start(signal: AbortSignal): void;
  /** Resolves when the queue is shut down and no reconcile runs any more. */
  idle(): Promise<void>;
}

const CATCH_UP_FIRST_MS = 5;
const CATCH_UP_MAX_MS = 1000;

/** Workers that take ids from the queue and act on the outcome like controller-runtime. */
export function createController(deps: ControllerDeps): Controller {
  const { queue, clock, observer, workers = 4, deadlineMs = 60_000 } = deps;
  const catchingUp = new Map<string, number>();
  let running: Promise<void>[] = [];
  let active = 0;

  async function handle(id: string, priority: number, parent: AbortSignal): Promise<void> {
    if (deps.behind(id)) {
      const waits = catchingUp.get(id) ?? 0;
      catchingUp.set(id, waits + 1);
      queue.add(id, { priority, afterMs: backoff(waits, CATCH_UP_FIRST_MS, CATCH_UP_MAX_MS, () => 0) });
      return;
    }
    catchingUp.delete(id);
    const key = keyFromId(id);
    const log = withFields(deps.log, { ...key, reconcileID: randomUUID() });
    const link = linkedAbort(parent, deadlineMs);
    const started = clock.now();
    const took = () => (clock.now() - started) / 1000;
    observer?.active(++active);
    try {
      const { requeueAfterMs = 0 } = await deps.reconcile(key, {
        signal: link.signal,
        client: deps.clientFor(id),
        log,
      });
      queue.forget(id);
      if (requeueAfterMs > 0) queue.add(id, { priority, afterMs: requeueAfterMs });
      observer?.reconciled(requeueAfterMs > 0 ? "requeue_after" : "success", took());
    } catch (error) {
      const expired = link.signal.aborted && !parent.aborted;
      if (expired) observer?.timedOut();
      observer?.reconciled("error", took());
      queue.add(id, { priority, rateLimited: true });
      // Ours to log only while it means something: during a stop everything is cancelled.
      if (!parent.aborted) log.error({ error: describe(error), failures: queue.failures(id) }, "reconcile failed");
    } finally {
      observer?.active(--active);
      link.release();
    }
  }

  async function work(signal: AbortSignal): Promise<void> {
    for (let next = await queue.get(); next !== undefined; next = await queue.get()) {
      try {
        await handle(next.id, next.priority, signal);
      } finally {
        queue.done(next.id);
      }
    }
  }

  return {
    start(signal) {
      if (running.length > 0) throw new Error("the controller runs already");
      running = Array.from({ length: workers }, () => work(signal));
    },
    idle: () => Promise.all(running).then(() => undefined),
  };
}

function withFields(log: Log, fields: object): Log {
  return {
    debug: (more, message) => log.debug({ ...fields, ...more }, message),
    info: (more, message) => log.info({ ...fields, ...more }, message),
    warn: (more, message) => log.warn({ ...fields, ...more }, message),
    error: (more, message) => log.error({ ...fields, ...more }, message),
  };
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

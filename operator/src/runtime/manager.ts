import type { KubeClient, KubeObject } from "../kube/index.ts";
import { type Clock, pause, systemClock } from "./clock.ts";
import { createLeaderElector, type LeaderTiming, LeaseLostError } from "./lead/leader.ts";
import { type LoopLag, measureLoopLag } from "./telemetry/loop-lag.ts";
import type { MetricsRegistry } from "./telemetry/metrics.ts";
import { controllerMetrics, queueMetrics, watchMetrics } from "./telemetry/runtime-metrics.ts";
import type { KeyRequest, Log, Manager, RunOptions } from "./types.ts";
import { keyId } from "./watch/cache.ts";
import { createWatched, type Watched } from "./watch/watched.ts";
import { createExpectations } from "./workers/expectations.ts";
import { createQueue, type WorkQueue } from "./workers/queue.ts";
import { observeWrites } from "./workers/tracked-writes.ts";
import { createController } from "./workers/workers.ts";

export interface ManagerDeps {
  readonly client: KubeClient;
  /** Namespaces to watch; ["*"] = the whole cluster. */
  readonly namespaces: readonly string[];
  readonly log: Log;
  readonly metrics: MetricsRegistry;
  /** Absent: this process acts without asking (tests, one-off tools). */
  readonly leaderElection?: {
    readonly lease: { readonly namespace: string; readonly name: string };
    /** Unique to this process: host name and a random part. */
    readonly identity: string;
    readonly timing?: Partial<LeaderTiming>;
  };
  /** Label of the metrics; default "controller". */
  readonly name?: string;
  readonly clock?: Clock;
  /** Milliseconds between two looks at everything that did not change; default ten hours, less up to a tenth. */
  readonly resyncMs?: number;
}

const RESYNC_MS = 36_000_000;
/** Two missed bookmarks more than the watch's own deadline. */
const STALE_MS = 180_000;
const LAG_LIMIT_MS = 2000;
/** A worker gets this long beyond its deadline to notice it. */
const STUCK_GRACE_MS = 30_000;
const ABORT_GRACE_MS = 3000;

/** Wires watches, queue, workers and leader election, and takes them down in order. */
export function createManager(deps: ManagerDeps): Manager {
  const { client, log, metrics, clock = systemClock(), name = "controller" } = deps;
  const watched: Watched<KubeObject>[] = [];
  const queue: WorkQueue = createQueue({ clock, observer: queueMetrics(metrics, name, () => queue) });
  const expectations = createExpectations(watched, clock);
  const watching = watchMetrics(metrics, () => watched.map(summary));
  const elector =
    deps.leaderElection === undefined ? undefined : createLeaderElector({ ...deps.leaderElection, client, clock, log });
  const acting = new AbortController();
  let lag: LoopLag | undefined;
  let deadlineMs = 60_000;

  const isLeader = () => elector?.isLeading() ?? lag !== undefined;
  metrics.observedGauge("leader_election_master_status", "Whether this process leads.", () => [
    [{ name: deps.leaderElection?.lease.name ?? name }, isLeader() ? 1 : 0],
  ]);

  function enqueue(key: KeyRequest, priority: number): void {
    queue.add(keyId(key), { priority });
  }

  function clientFor(id: string): KubeClient {
    return observeWrites(client, {
      beforeWrite() {
        acting.signal.throwIfAborted();
        if (!isLeader()) throw new LeaseLostError("not leading any more: nothing is written");
      },
      wrote: (object) => expectations.wrote(id, object),
      deleted: (resource, ref) =>
        expectations.deleted(id, resource, { namespace: ref.namespace ?? "", name: ref.name }),
    });
  }

  function everyResync(): () => void {
    let cancel = () => {};
    const plan = () => {
      cancel = clock.after((deps.resyncMs ?? RESYNC_MS) * (1 - Math.random() / 10), () => {
        for (const watch of watched) watch.resync();
        plan();
      });
    };
    plan();
    return () => cancel();
  }

  async function run(options: RunOptions): Promise<void> {
    if (lag !== undefined) throw new Error("the manager runs already");
    lag = measureLoopLag();
    deadlineMs = options.deadlineMs ?? deadlineMs;
    const workers = options.workers ?? 4;
    const controller = createController({
      queue,
      reconcile: options.reconcile,
      clientFor,
      behind: expectations.behind,
      clock,
      log,
      observer: controllerMetrics(metrics, name, workers),
      workers,
      deadlineMs,
    });
    const streaming = new AbortController();
    const electing = new AbortController();
    const leading = Promise.withResolvers<void>();
    const streams = Promise.all(watched.map((watch) => watch.run(streaming.signal)));
    const election = elector?.run(electing.signal, leading.resolve) ?? abortOf(electing.signal, leading.resolve);
    // Heard here too because it may come while a stop is under way: whatever runs then must not write.
    election.catch((error: unknown) => acting.abort(error));
    const stopped = abortOf(options.signal);
    const stopResync = everyResync();
    try {
      const prepared = Promise.all([leading.promise, ...watched.map((watch) => watch.synced)]);
      await Promise.race([stopped, election, prepared]);
      if (!options.signal.aborted) {
        log.info({ workers }, "caches are filled and this process leads: reconciling");
        controller.start(acting.signal);
      }
      await Promise.race([stopped, election]);
      log.info({}, "stopping: the queue is closed, running reconciles may end");
    } finally {
      stopResync();
      queue.shutDown();
      if (!acting.signal.aborted) await within(options.drainMs ?? 15_000, controller.idle());
      acting.abort(new DOMException("the process stops", "AbortError"));
      await within(ABORT_GRACE_MS, controller.idle());
      electing.abort();
      await election.catch(() => undefined);
      streaming.abort();
      await streams;
      lag.stop();
    }
    await election;
  }

  function within(ms: number, work: Promise<void>): Promise<void> {
    const end = new AbortController();
    return Promise.race([work, pause(clock, ms, end.signal)]).finally(() => end.abort());
  }

  return {
    watch(options) {
      if (lag !== undefined) throw new Error("watches are declared before the manager runs");
      const one = createWatched(
        { client, namespaces: deps.namespaces, enqueue, metrics: watching, clock, log },
        options,
      );
      watched.push(one);
      return one.cache;
    },
    enqueue: (key, options = {}) => queue.add(keyId(key), options),
    run,
    isLeader,
    live() {
      const late = lag?.lastMs() ?? 0;
      const longest = Math.max(0, ...queue.working()) * 1000;
      return [
        ...(late > LAG_LIMIT_MS ? [`the event loop is ${Math.round(late)} ms late`] : []),
        ...(longest > deadlineMs + STUCK_GRACE_MS
          ? [`a reconcile ignores its deadline for ${Math.round(longest)} ms`]
          : []),
      ];
    },
    ready: () => (lag === undefined ? ["not started"] : watched.flatMap(problemsOf)),
  };
}

/** Resolves when the signal aborts; `before` is called first, for callers that wait for its beginning. */
async function abortOf(signal: AbortSignal, before?: () => void): Promise<void> {
  before?.();
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

function summary(watch: Watched<KubeObject>) {
  const silentMs = Math.max(
    0,
    ...watch
      .statuses()
      .map(({ status }) => status.silentMs)
      .filter(Number.isFinite),
  );
  return { resource: watch.resource.plural, size: watch.cache.size, silentMs };
}

function problemsOf(watch: Watched<KubeObject>): string[] {
  return watch.statuses().flatMap(({ namespace, status }) => {
    const what = `${watch.resource.plural}${namespace === "" ? "" : ` in ${namespace}`}`;
    const why = status.problem === undefined ? "" : `: ${status.problem}`;
    if (!status.synced) return [`${what} not listed yet${why}`];
    return status.silentMs > STALE_MS ? [`${what} not heard for ${Math.round(status.silentMs / 1000)} s${why}`] : [];
  });
}

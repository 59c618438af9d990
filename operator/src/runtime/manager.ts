import type { KubeClient } from "../kube/index.ts";
import { type Clock, systemClock, waitAtMost } from "./clock.ts";
import { createLeaderElector, type LeaderTiming, LeaseLostError } from "./lead/leader.ts";
import { createScope, type NamespaceChanged, type ScopeDeps } from "./scope/scope.ts";
import { controllerMetrics } from "./telemetry/controller-metrics.ts";
import { type LoopLag, measureLoopLag } from "./telemetry/loop-lag.ts";
import type { MetricsRegistry } from "./telemetry/metrics.ts";
import { watchMetrics } from "./telemetry/watch-metrics.ts";
import type { Log, Manager, RunOptions, Source } from "./types.ts";
import { createWatchRegistry } from "./watch/registry.ts";
import { type Controller, createController } from "./workers/controller.ts";

export interface ManagerDeps {
  readonly client: KubeClient;
  /** Namespaces to watch; ["*"] means the whole cluster. */
  readonly namespaces: readonly string[];
  readonly log: Log;
  readonly metrics: MetricsRegistry;
  /** Absent: this process acts without a lease (tests, one-off tools). */
  readonly leaderElection?: {
    readonly lease: { readonly namespace: string; readonly name: string };
    /** Unique to this process: host name and a random part. */
    readonly identity: string;
    readonly timing?: Partial<LeaderTiming>;
  };
  /** Follow the Namespace objects too, to know which of them are gone or being deleted. Needs permission to get and watch them. */
  readonly followNamespaces?: boolean;
  /** Absent: no other installation works in the same namespaces. */
  readonly namespaceLeases?: ScopeDeps["leases"];
  /** Told when a namespace is not served any more, and when it is again. */
  readonly namespaceChanged?: NamespaceChanged;
  readonly clock?: Clock;
  /** Milliseconds between two looks at everything that did not change; default ten hours, less up to a tenth. */
  readonly resyncMs?: number;
}

const RESYNC_MS = 36_000_000;
const LAG_LIMIT_MS = 2000;
/** A reconcile gets this long beyond its deadline to notice it. */
const STUCK_GRACE_MS = 30_000;
const ABORT_GRACE_MS = 3000;

/** Starts, drains and stops watches, controllers and leader election together. */
export function createManager(deps: ManagerDeps): Manager {
  const { client, log, metrics, clock = systemClock() } = deps;
  const watches = createWatchRegistry({
    client,
    namespaces: deps.namespaces,
    metrics: watchMetrics(metrics, () => watches.figures()),
    turned: (namespace) => scope.refresh(namespace),
    clock,
    log,
  });
  const scope = createScope({
    client,
    namespaces: deps.namespaces,
    follow: deps.followNamespaces === true,
    ...(deps.namespaceLeases === undefined ? {} : { leases: deps.namespaceLeases }),
    unreadable: watches.unreadable,
    metrics,
    clock,
    log,
  });
  if (deps.namespaceChanged !== undefined) scope.subscribe(deps.namespaceChanged);
  const measured = controllerMetrics(metrics);
  const controllers: Controller[] = [];
  const elector =
    deps.leaderElection === undefined ? undefined : createLeaderElector({ ...deps.leaderElection, client, clock, log });
  const acting = new AbortController();
  let lag: LoopLag | undefined;

  const isLeader = () => elector?.isLeading() ?? lag !== undefined;
  metrics.observedGauge("leader_election_master_status", "Whether this process leads.", () => [
    [{ name: deps.leaderElection?.lease.name ?? "" }, isLeader() ? 1 : 0],
  ]);

  function mayWrite(namespace: string): void {
    acting.signal.throwIfAborted();
    if (!isLeader()) throw new LeaseLostError("this process does not lead any more: it must not write");
    if (namespace !== "" && !scope.mayWrite(namespace)) {
      throw new LeaseLostError(
        `another installation serves namespace ${namespace} now: this process must not write there`,
      );
    }
  }

  function refuseOnceRunning(what: string): void {
    if (lag !== undefined) throw new Error(`${what} must be added before the manager runs`);
  }

  function everyResync(): () => void {
    let cancel = () => {};
    const plan = () => {
      cancel = clock.after((deps.resyncMs ?? RESYNC_MS) * (1 - Math.random() / 10), () => {
        watches.resync();
        plan();
      });
    };
    plan();
    return () => cancel();
  }

  async function run(options: RunOptions): Promise<void> {
    if (lag !== undefined) throw new Error("the manager already runs");
    lag = measureLoopLag();
    const streaming = new AbortController();
    const electing = new AbortController();
    const leading = Promise.withResolvers<void>();
    const streams = Promise.all([watches.run(streaming.signal), scope.run(streaming.signal)]);
    const leasing = new AbortController();
    const leases = leading.promise.then(() => scope.lead(leasing.signal));
    const election = elector?.run(electing.signal, leading.resolve) ?? abortOf(electing.signal, leading.resolve);
    // The lease may be lost while a stop is under way: whatever still runs then must not write.
    election.catch((error: unknown) => acting.abort(error));
    const stopped = abortOf(options.signal);
    const stopResync = everyResync();
    try {
      await Promise.race([stopped, election, Promise.all([leading.promise, watches.settled()])]);
      if (!options.signal.aborted) {
        log.info(
          { controllers: controllers.map(({ name }) => name) },
          "caches are filled and this process leads: reconciling",
        );
        for (const controller of controllers) controller.start(acting.signal);
      }
      await Promise.race([stopped, election]);
      log.info({}, "stopping: the queues are closed, running reconciles may end");
    } finally {
      stopResync();
      for (const controller of controllers) controller.shutDown();
      if (!acting.signal.aborted) await waitAtMost(clock, options.drainMs ?? 15_000, allIdle());
      acting.abort(new DOMException("the process stops", "AbortError"));
      await waitAtMost(clock, ABORT_GRACE_MS, allIdle());
      leasing.abort();
      leading.resolve();
      await waitAtMost(clock, ABORT_GRACE_MS, leases);
      electing.abort();
      await election.catch(() => undefined);
      streaming.abort();
      await streams;
      for (const controller of controllers) controller.release();
      lag.stop();
    }
    await election;
  }

  async function allIdle(): Promise<void> {
    await Promise.all(controllers.map((controller) => controller.idle()));
  }

  function live(): string[] {
    const lateMs = lag?.lastMs() ?? 0;
    const stuck = controllers.filter((controller) => controller.overdueMs() > STUCK_GRACE_MS);
    return [
      ...(lateMs > LAG_LIMIT_MS ? [`the event loop is ${Math.round(lateMs)} ms late`] : []),
      ...stuck.map(
        (each) => `a reconcile of ${each.name} exceeds its deadline by ${Math.round(each.overdueMs() / 1000)} s`,
      ),
    ];
  }

  return {
    watch(options) {
      refuseOnceRunning("watches");
      return watches.declare(options);
    },
    add(options) {
      refuseOnceRunning("controllers");
      if (controllers.some(({ name }) => name === options.name))
        throw new Error(`there is already a controller ${options.name}`);
      const controller = createController(
        {
          client,
          mayWrite,
          scope,
          watchedOf: (handle: Source["watch"]) => watches.of(handle),
          watched: watches.all,
          metrics: measured,
          failedMapping: watches.failedMapping,
          clock,
          log,
        },
        options,
      );
      controllers.push(controller);
      return controller;
    },
    run,
    isLeader,
    watches: () => watches.all.map((watch) => watch.status()),
    live,
    ready() {
      if (lag === undefined) return ["not started"];
      const nothing = scope.nothingReadable();
      const problems = watches.problems(nothing);
      return nothing && problems.length === 0 ? scope.notes() : problems;
    },
    notes: scope.notes,
  };
}

/** Resolves when the signal aborts; `before` is called first, for callers that wait for its beginning. */
async function abortOf(signal: AbortSignal, before?: () => void): Promise<void> {
  before?.();
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

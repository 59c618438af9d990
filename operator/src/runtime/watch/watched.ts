import { type KubeClient, type KubeObject, linkedAbort } from "../../kube/index.ts";
import type { Clock } from "../clock.ts";
import { nameOf } from "../keys.ts";
import type { WatchMetrics } from "../telemetry/watch-metrics.ts";
import type { Log, Watch, WatchOptions } from "../types.ts";
import type { ObservedSource } from "../workers/expectations.ts";
import { createStore } from "./cache.ts";
import { runWhileServed } from "./optional.ts";
import { type Change, createReflector, type Reflector, type ReflectorStatus } from "./reflector.ts";
import { type ServedState, selectorOf, watchStatus } from "./watch-status.ts";

/** What a controller wants to learn of a watch. */
export interface Subscriber<T extends KubeObject> {
  change(change: Change<T>): void;
  /** An optional resource appeared or disappeared after the start. */
  servedChanged(): void;
}

/** One declared watch: its cache, the streams that feed it, and the controllers that follow it. */
export interface Watched<T extends KubeObject> extends ObservedSource {
  readonly handle: Watch<T>;
  /** Adds what another declaration of the same watch asks for. Throws when its transform or an index differs. */
  extend(options: WatchOptions<T>): void;
  subscribe(subscriber: Subscriber<T>): void;
  /** Runs the streams until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
  /** Resolves when the first list of every stream was handed out or refused, or when it is clear that there is nothing to list. */
  readonly settled: Promise<void>;
  readonly optional: boolean;
  status(): ReturnType<typeof watchStatus>;
  /** One per running stream, with the namespace it covers ("" for all). */
  streams(): { readonly namespace: string; readonly status: ReflectorStatus }[];
  /** Hands out every cached object again, as `resync`. */
  resync(): void;
  /** Asks the server at once whether it serves an optional resource that was missing. */
  askAgain(): void;
}

export interface WatchedDeps {
  readonly client: KubeClient;
  /** ["*"] means the whole cluster in one stream. */
  readonly namespaces: readonly string[];
  readonly metrics: WatchMetrics;
  /** A stream was listed for the first time, or the server began or ceased to refuse it; "" for all namespaces. */
  readonly turned: (namespace: string) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** How long an optional watch without an answer from the server may keep the controllers from starting. */
const SETTLE_MS = 10_000;

/** Builds the cache and the streams of one `manager.watch`. */
export function createWatched<T extends KubeObject>(deps: WatchedDeps, options: WatchOptions<T>): Watched<T> {
  const { client, clock, log, metrics } = deps;
  const { resource } = options;
  const store = createStore<T>(options.indexes);
  const labels = Object.entries(options.labelSelector ?? {});
  const labelSelector = selectorOf(options.labelSelector);
  const scopes = !resource.namespaced || deps.namespaces.includes("*") ? [""] : deps.namespaces;
  const subscribers: Subscriber<T>[] = [];
  const settled = Promise.withResolvers<void>();
  let optional = options.optional === true;
  let served: ServedState = optional ? { served: false, problem: "not asked yet" } : { served: true };
  let askAgain = () => {};
  let streams = openStreams();

  function openStreams(): { readonly namespace: string; readonly reflector: Reflector }[] {
    return scopes.map((namespace) => ({
      namespace,
      reflector: createReflector<T>({
        client,
        resource,
        ...(namespace === "" ? {} : { namespace }),
        ...(labelSelector === "" ? {} : { labelSelector }),
        ...(options.fieldSelector === undefined ? {} : { fieldSelector: options.fieldSelector }),
        ...(options.pageSize === undefined ? {} : { pageSize: options.pageSize }),
        store,
        optional,
        ...(options.transform === undefined ? {} : { transform: options.transform }),
        onChange: handOut,
        clock,
        log,
        observer: metrics.observer(resource.plural),
        turned: () => {
          if (streams.every(isSettled)) settled.resolve();
          deps.turned(namespace);
        },
      }),
    }));
  }

  function handOut(change: Change<T>): void {
    for (const subscriber of subscribers) subscriber.change(change);
  }

  function streamOf(namespace: string) {
    return streams.find((stream) => stream.namespace === "" || stream.namespace === namespace);
  }

  /** Runs all streams; ends them together when one finds that the resource is not served. */
  async function runStreams(signal: AbortSignal): Promise<void> {
    const link = linkedAbort(signal);
    streams = openStreams();
    await Promise.all(
      streams.map(async ({ reflector }) => {
        if ((await reflector.run(link.signal)) === "notServed")
          link.abort(new DOMException("not served", "AbortError"));
      }),
    );
    link.release();
  }

  /** Whether there is nothing more to wait for. A namespace that is refused must not keep the others waiting. */
  function isSettled({ namespace, reflector }: (typeof streams)[number]): boolean {
    const { synced, refused } = reflector.status();
    return synced || (refused && namespace !== "");
  }

  function noteServed(now: ServedState): void {
    const before = served;
    served = now;
    if (before.served !== now.served) announce();
    if (now.served) return;
    for (const object of store.list()) {
      const last = store.remove(nameOf(object));
      if (last !== undefined) handOut({ type: "deleted", object: last, initial: false });
    }
    if (now.problem === undefined) settled.resolve();
  }

  function announce(): void {
    for (const subscriber of subscribers) subscriber.servedChanged();
  }

  const handle: Watch<T> = Object.assign(store, { resource, isServed: () => served.served });
  return {
    resource,
    handle,
    get optional() {
      return optional;
    },
    settled: settled.promise,
    extend(more) {
      if (more.transform !== options.transform) {
        throw new Error(`${resource.plural} are watched twice with different transforms: share one watch`);
      }
      store.addIndexes(more.indexes ?? {});
      if (more.optional !== true) {
        optional = false;
        served = { served: true };
      }
    },
    subscribe: (subscriber) => void subscribers.push(subscriber),
    covers: ({ metadata }) =>
      streamOf(metadata.namespace ?? "") !== undefined &&
      labels.every(([name, value]) => metadata.labels?.[name] === value),
    resourceVersion: (namespace) =>
      served.served ? streamOf(namespace)?.reflector.status().resourceVersion : undefined,
    get: (name) => store.get(name),
    async run(signal) {
      if (!optional) return runStreams(signal);
      const cancel = clock.after(SETTLE_MS, settled.resolve);
      const life = runWhileServed({ client, resource, clock, log, run: runStreams, changed: noteServed }, signal);
      askAgain = life.askAgain;
      await life.ended;
      cancel();
    },
    streams: () =>
      served.served ? streams.map(({ namespace, reflector }) => ({ namespace, status: reflector.status() })) : [],
    status() {
      return watchStatus(resource, labelSelector, store.size, served, this.streams());
    },
    resync() {
      for (const object of store.list()) handOut({ type: "resync", object, initial: false });
    },
    askAgain: () => askAgain(),
  };
}

import type { KubeClient, KubeObject } from "../../kube/index.ts";
import type { Clock } from "../clock.ts";
import type { WatchMetrics } from "../telemetry/runtime-metrics.ts";
import type { KeyRequest, Log, ReadCache, WatchOptions } from "../types.ts";
import type { ObservedSource } from "../workers/expectations.ts";
import { createStore } from "./cache.ts";
import { createDispatch } from "./change-to-keys.ts";
import { createReflector, type ReflectorStatus } from "./reflector.ts";

/** One declared watch: its cache and the streams that feed it. */
export interface Watched<T extends KubeObject> extends ObservedSource {
  readonly cache: ReadCache<T>;
  /** Runs the streams until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
  /** Resolves when every stream's first list went through `mapToKeys`. */
  readonly synced: Promise<void>;
  /** One per stream, with the namespace it covers ("" = all). */
  statuses(): { readonly namespace: string; readonly status: ReflectorStatus }[];
  /** Hands every cached object to `mapToKeys` again, as `resync`. */
  resync(): void;
}

export interface WatchedDeps {
  readonly client: KubeClient;
  /** ["*"] = the whole cluster in one stream. */
  readonly namespaces: readonly string[];
  readonly enqueue: (key: KeyRequest, priority: number) => void;
  readonly metrics: WatchMetrics;
  readonly clock: Clock;
  readonly log: Log;
}

/** Wires store, reflectors and dispatch for one `manager.watch`. */
export function createWatched<T extends KubeObject>(deps: WatchedDeps, options: WatchOptions<T>): Watched<T> {
  const { client, clock, log, enqueue, metrics } = deps;
  const { resource } = options;
  const store = createStore<T>(options.indexes);
  const labels = Object.entries(options.labelSelector ?? {});
  const labelSelector = labels.map(([name, value]) => `${name}=${value}`).join(",");
  const everywhere = !resource.namespaced || deps.namespaces.includes("*");
  const dispatch = createDispatch<T>({
    mapToKeys: options.mapToKeys,
    enqueue,
    failed: () => metrics.failedHandler(resource.plural),
    clock,
    log,
  });
  const streams = (everywhere ? [""] : deps.namespaces).map((namespace) => ({
    namespace,
    reflector: createReflector<T>({
      client,
      resource,
      ...(namespace === "" ? {} : { namespace }),
      ...(labelSelector === "" ? {} : { labelSelector }),
      store,
      ...(options.transform === undefined ? {} : { transform: options.transform }),
      onChange: (change) => dispatch.handle(change),
      clock,
      log,
      observer: metrics.observer(resource.plural),
    }),
  }));

  function streamOf(namespace: string) {
    return streams.find((stream) => stream.namespace === "" || stream.namespace === namespace);
  }

  return {
    resource,
    cache: store,
    covers: ({ metadata }) =>
      streamOf(metadata.namespace ?? "") !== undefined &&
      labels.every(([name, value]) => metadata.labels?.[name] === value),
    resourceVersion: (namespace) => streamOf(namespace)?.reflector.status().resourceVersion,
    get: (key) => store.get(key),
    synced: Promise.all(streams.map(({ reflector }) => reflector.synced)).then(() => undefined),
    async run(signal) {
      await Promise.all(streams.map(({ reflector }) => reflector.run(signal)));
      dispatch.stop();
    },
    statuses: () => streams.map(({ namespace, reflector }) => ({ namespace, status: reflector.status() })),
    resync() {
      for (const object of store.list()) dispatch.handle({ type: "resync", object, initial: false });
    },
  };
}

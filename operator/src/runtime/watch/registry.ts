import type { KubeObject } from "../../kube/index.ts";
import { apiVersionOf } from "../../kube/index.ts";
import type { Watch, WatchOptions } from "../types.ts";
import { selectorOf, silentMs, streamProblems } from "./watch-status.ts";
import { createWatched, type Watched, type WatchedDeps } from "./watched.ts";

/** All watches of a manager, one per resource and selector. */
export interface WatchRegistry {
  /** In the order they were declared. */
  readonly all: readonly Watched<KubeObject>[];
  declare<T extends KubeObject>(options: WatchOptions<T>): Watch<T>;
  /** The watch behind a handle; throws for a handle of another manager. */
  of(handle: Watch<KubeObject>): Watched<KubeObject>;
  run(signal: AbortSignal): Promise<void>;
  /** Resolves when every watch has its first list, or is known to be absent. */
  settled(): Promise<void>;
  resync(): void;
  /**
   * What keeps this process from being of use; empty when all is well. `refused`: also the streams of single namespaces that
   * the server refuses.
   */
  problems(refused: boolean): string[];
  /** Why the server refuses to list something in a namespace; undefined when it does not. */
  unreadable(namespace: string): string | undefined;
  /** For the metrics. */
  figures(): { resource: string; size: number; silentMs: number; served: boolean }[];
  failedMapping(resource: string): void;
}

export function createWatchRegistry(deps: WatchedDeps): WatchRegistry {
  const byId = new Map<string, Watched<KubeObject>>();
  const all: Watched<KubeObject>[] = [];

  return {
    all,
    declare<T extends KubeObject>(options: WatchOptions<T>) {
      const { resource } = options;
      const id = `${apiVersionOf(resource)} ${resource.plural} ${selectorOf(options.labelSelector)} ${options.fieldSelector ?? ""}`;
      const known = byId.get(id) as Watched<T> | undefined;
      if (known !== undefined) {
        known.extend(options);
        return known.handle;
      }
      const made = createWatched<T>(deps, options);
      byId.set(id, made as unknown as Watched<KubeObject>);
      all.push(made as unknown as Watched<KubeObject>);
      return made.handle;
    },
    of(handle) {
      const found = all.find((watch) => watch.handle === handle);
      if (found === undefined)
        throw new Error(`${handle.resource.plural}: a controller follows a watch of its manager`);
      return found;
    },
    async run(signal) {
      await Promise.all(all.map((watch) => watch.run(signal)));
    },
    async settled() {
      await Promise.all(all.map((watch) => watch.settled));
    },
    resync() {
      for (const watch of all) watch.resync();
    },
    problems: (refused) =>
      all.flatMap((watch) => {
        const streams = watch
          .streams()
          .filter(({ namespace, status }) => refused || namespace === "" || !status.refused);
        return streamProblems(watch.resource, watch.optional ? streams.filter(({ status }) => status.synced) : streams);
      }),
    unreadable(namespace) {
      for (const watch of all) {
        const stream = watch.streams().find((each) => each.namespace === namespace);
        if (!watch.optional && stream?.status.refused === true) return stream.status.problem;
      }
      return undefined;
    },
    figures() {
      const byResource = Map.groupBy(all, ({ resource }) => resource.plural);
      return [...byResource].map(([resource, watches]) => ({
        resource,
        size: watches.reduce((sum, { handle }) => sum + handle.size, 0),
        silentMs: Math.max(...watches.map((watch) => silentMs(watch.streams()))),
        served: watches.every(({ handle }) => handle.isServed()),
      }));
    },
    failedMapping: (resource) => deps.metrics.failedHandler(resource),
  };
}

import { isNotFound, type KubeClient, type KubeObject } from "../../kube/index.ts";
import type { Clock } from "../clock.ts";
import { keyId, keyOf, kindOf, nameOf } from "../keys.ts";
import type { Scope } from "../scope/scope.ts";
import type { ControllerMetrics } from "../telemetry/controller-metrics.ts";
import {
  type ControllerHandle,
  type ControllerOptions,
  type Key,
  type KeyRequest,
  type Log,
  PRIORITY,
  type Source,
} from "../types.ts";
import { createKeyMapping } from "../watch/change-to-keys.ts";
import type { Watched } from "../watch/watched.ts";
import { createExpectations } from "./expectations.ts";
import { createQueue, type WorkQueue } from "./queue.ts";
import { trackWrites } from "./tracked-writes.ts";
import { createWorkers, withFields } from "./workers.ts";

export interface ControllerDeps {
  readonly client: KubeClient;
  /** Throws when this process must not write (in this namespace) any more. */
  readonly mayWrite: (namespace: string) => void;
  readonly scope: Scope;
  /** The watch behind a handle. */
  readonly watchedOf: (handle: Source["watch"]) => Watched<KubeObject>;
  /** All watches of the manager: a reconcile may read each of them. */
  readonly watched: readonly Watched<KubeObject>[];
  readonly metrics: ControllerMetrics;
  /** A change was mapped by a function that threw. */
  readonly failedMapping: (resource: string) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** A controller as its manager sees it. */
export interface Controller extends ControllerHandle {
  readonly name: string;
  /** Starts the workers; `signal` aborts running reconciles. */
  start(signal: AbortSignal): void;
  /** Hands out nothing more. */
  shutDown(): void;
  /** Resolves when no reconcile runs any more; call after `shutDown`. */
  idle(): Promise<void>;
  /** Ends what waits to be mapped again. */
  release(): void;
  /** Milliseconds by which the slowest reconcile exceeds its deadline; negative when none does. */
  overdueMs(): number;
}

const DEADLINE_MS = 60_000;

/** Wires one controller: sources to queue, queue to workers, and what they write to expectations. */
export function createController(deps: ControllerDeps, options: ControllerOptions): Controller {
  const { client, clock, log, watched } = deps;
  const { name, primary, concurrency = 4, deadlineMs = DEADLINE_MS } = options;
  const kind = kindOf(primary.watch.resource);
  const queue: WorkQueue = createQueue({
    clock,
    observer: deps.metrics.queue(name, () => queue),
    ...(options.maxRetryMs === undefined ? {} : { maxDelayMs: options.maxRetryMs }),
  });
  const expectations = createExpectations(watched, clock);
  const progress = (key: Key) => (key.kind === kind ? (options.progress?.(key) ?? 0) : 0);
  const workers = createWorkers({
    queue,
    reconcile: options.reconcile,
    clientFor,
    isUnserved: (namespace) => namespace !== "" && deps.scope.unserved(namespace) !== undefined,
    isTerminating: deps.scope.isTerminating,
    behind: expectations.behind,
    progress,
    clock,
    log: withFields(log, { controller: name }),
    observer: deps.metrics.workers(name, concurrency),
    concurrency,
    deadlineMs,
  });
  const sources: readonly Source[] = [
    { watch: primary.watch, mapToKeys: primary.mapToKeys ?? ((object) => [keyOf(object)]) },
    ...(options.watches ?? []),
  ];
  const mappings = sources.map(follow);
  const primaries = deps.watchedOf(primary.watch);
  primaries.subscribe({ change: ({ object }) => notePopulation(nameOf(object).namespace), servedChanged: () => {} });
  deps.scope.subscribe((namespace, unserved) => {
    if (unserved === undefined) lookAtAll(namespace);
  });

  function enqueue(request: KeyRequest, options: { readonly afterMs?: number } = {}): void {
    const key: Key = { kind: request.kind ?? kind, namespace: request.namespace, name: request.name };
    const { priority = PRIORITY.change } = request;
    queue.add(keyId(key), { ...options, priority, progress: progress(key) });
  }

  function follow({ watch, mapToKeys }: Source) {
    const source = deps.watchedOf(watch);
    const mapping = createKeyMapping<KubeObject>({
      mapToKeys,
      enqueue: (key, priority) => enqueue({ ...key, priority }),
      failed: () => deps.failedMapping(watch.resource.plural),
      clock,
      log,
    });
    source.subscribe({ change: mapping.handle, servedChanged: () => lookAtAll() });
    return mapping;
  }

  function notePopulation(namespace: string): void {
    if (namespace !== "") deps.scope.populated(namespace, primary.watch.list(namespace).length > 0);
  }

  /** What is possible has changed for each primary object, or for those of one namespace. */
  function lookAtAll(namespace?: string): void {
    const terminating = namespace !== undefined && deps.scope.isTerminating(namespace);
    const priority = terminating ? PRIORITY.deletion : PRIORITY.resync;
    for (const object of primary.watch.list(namespace)) enqueue({ ...keyOf(object), priority });
  }

  function clientFor(id: string): KubeClient {
    return trackWrites(client, {
      beforeWrite: deps.mayWrite,
      wrote: (object) => expectations.wrote(id, object),
      deleted: (resource, ref) =>
        expectations.deleted(id, resource, { namespace: ref.namespace ?? "", name: ref.name }),
      failed(object, error) {
        // The kind may just have been installed or removed, so ask now instead of at the next scheduled check.
        if (!isNotFound(error)) return;
        for (const each of watched) if (kindOf(each.resource) === kindOf(object)) each.askAgain();
      },
    });
  }

  return {
    name,
    enqueue,
    start: workers.start,
    shutDown: queue.shutDown,
    idle: workers.idle,
    release() {
      for (const mapping of mappings) mapping.stop();
    },
    overdueMs: () => Math.max(0, ...queue.working()) * 1000 - deadlineMs,
  };
}

import type { KubeClient, KubeObject, Resource } from "../kube/index.ts";

/** Structured logger; pino's shape. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What is reconciled: the identity of one primary object. It says nothing of what happened. */
export interface Key {
  readonly namespace: string;
  readonly name: string;
}

/** A key to reconcile, optionally more or less urgent than the change itself suggests. */
export interface KeyRequest extends Key {
  readonly priority?: number;
}

/** Higher goes first; equal ones in the order they came. */
export const PRIORITY = {
  /** An object that is being deleted. */
  deletion: 10,
  /** A change somebody is waiting for. */
  change: 0,
  /** Nothing is known to have changed: first list, relist, resync. */
  resync: -100,
} as const;

export interface Result {
  /** Reconcile again after so many milliseconds even if nothing changes. Clears the failures counted so far. */
  readonly requeueAfterMs?: number;
}

export interface ReconcileContext {
  /** Aborts at the deadline, when the lease is lost, and when the drain time of a shutdown is over. */
  readonly signal: AbortSignal;
  /**
   * The client to write with: refuses writes once the lease is lost, and remembers them so that this key is not
   * reconciled again from a cache that has not seen them.
   */
  readonly client: KubeClient;
  /** Carries namespace, name and reconcileID. */
  readonly log: Log;
}

/**
 * Brings one object to its desired state; level-triggered, called again until nothing is left to do.
 * A rejection is retried with growing delay.
 */
export type Reconcile = (key: Key, context: ReconcileContext) => Promise<Result>;

/** What happened to a cached object. `resync` = seen again unchanged. */
export type ChangeType = "added" | "updated" | "deleted" | "resync";

/** Objects as the watch last saw them. Frozen: copy before changing. */
export interface ReadCache<T extends KubeObject> {
  get(key: Key): T | undefined;
  /** All, or those of one namespace. */
  list(namespace?: string): T[];
  /** Objects for which the index function returned this value; throws for an index that does not exist. */
  byIndex(index: string, value: string): T[];
  /** Objects that name this uid in their ownerReferences. */
  byOwner(uid: string): T[];
  readonly size: number;
}

export interface WatchOptions<T extends KubeObject> {
  readonly resource: Resource;
  /** Labels that must all be present with these values. */
  readonly labelSelector?: Readonly<Record<string, string>>;
  /**
   * Reduces an object before it is stored; what it leaves out never reaches the cache. `metadata.managedFields` and
   * kubectl's last-applied annotation are dropped in any case.
   */
  readonly transform?: (object: T) => T;
  /** Extra indexes by name: the values under which an object is found. */
  readonly indexes?: Readonly<Record<string, (object: T) => readonly string[]>>;
  /**
   * Which keys a change concerns. `old` is the previous state of an update; for a deletion `object` is the last state.
   * Called after the cache was changed. May throw: counted and tried again.
   */
  readonly mapToKeys: (object: T, old: T | undefined, change: ChangeType) => readonly KeyRequest[];
}

export interface RunOptions {
  readonly reconcile: Reconcile;
  /** Reconciles at a time, default 4; never two for one key. */
  readonly workers?: number;
  /** Milliseconds for one reconcile, default 60,000. */
  readonly deadlineMs?: number;
  /** Stops everything in order when it aborts. */
  readonly signal: AbortSignal;
  /** Milliseconds running reconciles get to end after that, default 15,000: with the release of the lease a stop takes less than 30 s. */
  readonly drainMs?: number;
}

export interface Manager {
  /** Declares a watch; call before `run`. One stream per namespace, or one for the cluster. */
  watch<T extends KubeObject>(options: WatchOptions<T>): ReadCache<T>;
  /** Asks for a reconcile, for what no watch can see. */
  enqueue(key: Key, options?: { readonly afterMs?: number; readonly priority?: number }): void;
  /**
   * Fills the caches, waits for leadership, reconciles. Resolves after an ordered stop (queue, running reconciles,
   * lease, watches); rejects with `LeaseLostError` when another process may have taken over: exit then.
   */
  run(options: RunOptions): Promise<void>;
  isLeader(): boolean;
  /** Problems that a restart may cure; empty = alive. */
  live(): string[];
  /** What is missing before this process is of use; empty = ready. A warm standby is ready. */
  ready(): string[];
}

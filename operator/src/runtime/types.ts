import type { KubeClient, KubeObject, Resource } from "../kube/index.ts";

/** Structured logger; pino's shape. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Names an object among those of its kind; cluster-scoped objects have the namespace "". */
export interface ObjectName {
  readonly namespace: string;
  readonly name: string;
}

/** The object to reconcile. It carries no news about what happened: a reconcile looks at the current state. */
export interface Key extends ObjectName {
  /** Kind and group, such as `ConfigMap` or `Deployment.apps`. */
  readonly kind: string;
}

/** Asks for a reconcile of an object. */
export interface KeyRequest extends ObjectName {
  /** Default: the kind of the controller's primary. */
  readonly kind?: string;
  /** Overrides the urgency that follows from the change. */
  readonly priority?: number;
}

/** Higher goes first. */
export const PRIORITY = {
  /** An object that is being deleted. */
  deletion: 10,
  /** A change somebody is waiting for. */
  change: 0,
  /** Nothing is known to have changed: first list, relist, resync. */
  resync: -100,
} as const;

export interface Result {
  /** Reconcile again after this many milliseconds even if nothing changes. Clears the failures counted so far. */
  readonly requeueAfterMs?: number;
}

export interface ReconcileContext {
  /** Aborts at the deadline, when the lease is lost, and when the drain time of a shutdown is over. */
  readonly signal: AbortSignal;
  /**
   * The client to write with. It refuses writes once the lease is lost, and it remembers them, so that the key is not
   * reconciled again from a cache that has not seen them.
   */
  readonly client: KubeClient;
  /** Adds controller, kind, namespace, name and reconcileID to each line. */
  readonly log: Log;
  /** The namespace of the key is being deleted: nothing can be created in it, and what is in it goes with it. */
  readonly terminating?: boolean;
}

/**
 * Brings one object to its desired state. Level-triggered: it is called again until nothing is left to do.
 * A rejection is retried with growing delay.
 */
export type Reconcile = (key: Key, context: ReconcileContext) => Promise<Result>;

/** What happened to a cached object. `resync`: it was seen again unchanged. */
export type ChangeType = "added" | "updated" | "deleted" | "resync";

/** Objects as the watch last saw them. They are frozen: copy before changing. */
export interface ReadCache<T extends KubeObject> {
  get(name: ObjectName): T | undefined;
  /** All objects, or those of one namespace. */
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
  /** `type!=example.dev/bulk`: as the API server takes it. It must select everything that the controllers write. */
  readonly fieldSelector?: string;
  /** Objects per page of a list, for large ones; default: that of the client. */
  readonly pageSize?: number;
  /**
   * Reduces an object before it is stored; what it leaves out never reaches the cache. `metadata.managedFields` and
   * kubectl's last-applied annotation are dropped in any case.
   */
  readonly transform?: (object: T) => T;
  /** Extra indexes by name: the values under which an object is found. */
  readonly indexes?: Readonly<Record<string, (object: T) => readonly string[]>>;
  /**
   * Controllers run without this watch while the API server does not serve the resource, and pick it up when it does.
   * Default false: no controller starts before the first list.
   */
  readonly optional?: boolean;
}

/** A declared watch and the cache it fills. */
export interface Watch<T extends KubeObject> extends ReadCache<T> {
  readonly resource: Resource;
  /** False while the API server does not serve the resource of an optional watch. */
  isServed(): boolean;
}

/** A watch whose changes cause reconciles of a controller. */
export interface Source<T extends KubeObject = KubeObject> {
  readonly watch: Watch<T>;
  /**
   * Which keys a change concerns. `old` is the previous state of an update; for a deletion `object` is the last state.
   * Called after the cache was changed. When it throws, the change is counted as failed and mapped again later.
   */
  mapToKeys(object: T, old: T | undefined, change: ChangeType): readonly KeyRequest[];
}

/** The watch of the objects a controller reconciles. Without `mapToKeys` each change concerns the object itself. */
export type PrimarySource<T extends KubeObject = KubeObject> = Pick<Source<T>, "watch"> & Partial<Source<T>>;

export interface ControllerOptions {
  /** Label `controller` of the metrics, and a field of each log line. Unique within a manager. */
  readonly name: string;
  readonly primary: PrimarySource;
  /** Other watches. A watch may belong to several controllers, and be the primary of another one. */
  readonly watches?: readonly Source[];
  readonly reconcile: Reconcile;
  /** Reconciles at a time, default 4; never two for one key. */
  readonly concurrency?: number;
  /** Milliseconds for one reconcile, default 60,000. */
  readonly deadlineMs?: number;
  /** Longest delay after failures in milliseconds, default five minutes. */
  readonly maxRetryMs?: number;
  /**
   * How far an object is on its way, from 0 (not begun) to 1 (nearly done). Among keys of equal priority those that
   * are further go first, so that a burst finishes one by one instead of all at the end. Default: 0 for every object.
   */
  readonly progress?: (name: ObjectName) => number;
}

/** A controller of a manager. */
export interface ControllerHandle {
  /** Asks for a reconcile when the reason is one that no watch can see. */
  enqueue(key: KeyRequest, options?: { readonly afterMs?: number }): void;
}

/** How a watch does, for people. */
export interface WatchStatus {
  /** `deployments.apps`; for the core group the plural alone. */
  readonly resource: string;
  /** Selector as it is sent; "" for all objects. */
  readonly labelSelector: string;
  readonly state: "listing" | "following" | "notServed";
  readonly objects: number;
  /** Why the last request failed, if nothing has succeeded since. */
  readonly problem: string | undefined;
}

export interface RunOptions {
  /** Stops everything in order when it aborts. */
  readonly signal: AbortSignal;
  /** Milliseconds running reconciles get to end after that, default 15,000: with the release of the lease a stop takes less than 30 s. */
  readonly drainMs?: number;
}

export interface Manager {
  /**
   * Declares a watch; call before `run`. One stream per namespace, or one for the cluster. A second declaration of the
   * same resource and selector returns the same watch with the indexes of both; it throws when the transforms differ.
   */
  watch<T extends KubeObject>(options: WatchOptions<T>): Watch<T>;
  /** Adds a controller with its own queue, metrics, expectations and pacing; call before `run`. */
  add(options: ControllerOptions): ControllerHandle;
  /**
   * Fills the caches, waits for leadership, runs the controllers. Resolves after an ordered stop (queues, running
   * reconciles, lease, watches); rejects with `LeaseLostError` when another process may have taken over: exit then.
   */
  run(options: RunOptions): Promise<void>;
  isLeader(): boolean;
  watches(): WatchStatus[];
  /** Problems that a restart may cure; empty means alive. */
  live(): string[];
  /** What is missing before this process is of use; empty means ready. A warm standby is ready. */
  ready(): string[];
  /** The namespaces in which this process does nothing, each with the reason, though it may be ready. */
  notes(): string[];
}

import { backoffMs, errorText } from "@taskassistant/kit/failures";
import {
  ApiError,
  isForbidden,
  isGone,
  isNotFound,
  type KubeClient,
  type KubeObject,
  type Resource,
  WatchProtocolError,
  WatchStalledError,
} from "../../kube/index.ts";
import { type Clock, pause } from "../clock.ts";
import { nameId, nameOf } from "../keys.ts";
import type { ChangeType, Log, ObjectName } from "../types.ts";
import { type Store, withoutBulk } from "./cache.ts";
import { isNewer } from "./versions.ts";

/** One difference between what the cache held and what it holds now. */
export interface Change<T extends KubeObject> {
  readonly type: ChangeType;
  /** The new state; for a deletion the last one. */
  readonly object: T;
  /** The previous state of an update. */
  readonly old?: T;
  /** From the first LIST of this process. */
  readonly initial: boolean;
}

/** Counts what the stream goes through. */
export interface ReflectorObserver {
  relisted(): void;
  /** Why a stream ended: `closed`, `gone`, `stalled`, `truncated`, `throttled`, `refused` (with code), `connection`. */
  interrupted(cause: string): void;
  /** An event was older than what was already seen. */
  ignoredStale(): void;
  /** The consumer's transform or index function threw; the object's previous state stays. */
  failedTransform(): void;
}

export interface ReflectorDeps<T extends KubeObject> {
  readonly client: Pick<KubeClient, "listPages" | "watch">;
  readonly resource: Resource;
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Objects per page of a list; default: that of the client. */
  readonly pageSize?: number;
  readonly store: Store<T>;
  /** Ends `run` when the server does not serve the resource, instead of asking again and again. */
  readonly optional?: boolean;
  readonly transform?: (object: T) => T;
  /** Called after the store was changed; must not throw. */
  readonly onChange: (change: Change<T>) => void;
  readonly clock: Clock;
  readonly log: Log;
  readonly observer?: ReflectorObserver;
  /** Called when the first list is done, and when the server begins or ceases to refuse the requests. */
  readonly turned?: () => void;
  readonly random?: () => number;
  /** Milliseconds of silence after which a watch counts as dead, default 150,000. */
  readonly byteDeadlineMs?: number;
  /** First delay after a failure in milliseconds, default 800, doubled up to 30 s. */
  readonly firstRetryMs?: number;
}

export interface ReflectorStatus {
  /** The first list went through `onChange`. */
  readonly synced: boolean;
  /** Everything up to this version is in the store. */
  readonly resourceVersion: string | undefined;
  /** Milliseconds since the server last sent something; Infinity before the first time. */
  readonly silentMs: number;
  /** Why the last list or watch failed, if the stream has not recovered since. */
  readonly problem: string | undefined;
  /** Whether the server answered it with 403 or 404, which will not pass by itself. */
  readonly refused: boolean;
}

/** Keeps one store equal to one collection (or one namespace of it) for as long as it runs. */
export interface Reflector {
  /**
   * Lists, watches and retries without end. Resolves when the signal aborts, or with `notServed` when the resource is
   * optional and two requests in a row met a 404. A second call throws.
   */
  run(signal: AbortSignal): Promise<"stopped" | "notServed">;
  /** Resolves when the first list went through `onChange`. */
  readonly synced: Promise<void>;
  status(): ReflectorStatus;
}

const MAX_RETRY_MS = 30_000;
/** A namespace that comes back is waited for by people. */
const MAX_RETRY_REFUSED_MS = 10_000;
const RESUME_JITTER_MS = 100;
/** A stream that lasted this long counts as a success, even if nothing happened on it. */
const PRODUCTIVE_MS = 10_000;

export function createReflector<T extends KubeObject>(deps: ReflectorDeps<T>): Reflector {
  const { client, resource, store, clock, log, observer, random = Math.random } = deps;
  const scope = {
    ...(deps.namespace === undefined ? {} : { namespace: deps.namespace }),
    ...(deps.labelSelector === undefined ? {} : { labelSelector: deps.labelSelector }),
    ...(deps.fieldSelector === undefined ? {} : { fieldSelector: deps.fieldSelector }),
  };
  const paged = deps.pageSize === undefined ? scope : { ...scope, pageSize: deps.pageSize };
  const fields = { resource: resource.plural, ...scope };
  let started = false;
  let synced = false;
  const first = Promise.withResolvers<void>();
  let version: string | undefined;
  let heardAt = Number.NEGATIVE_INFINITY;
  let problem: string | undefined;
  let refused = false;
  let failures = 0;

  function turn(isRefused: boolean): void {
    if (refused === isRefused) return;
    refused = isRefused;
    deps.turned?.();
  }

  function reduce(object: T): T {
    return withoutBulk(deps.transform === undefined ? object : deps.transform(object));
  }

  function recovered(): void {
    failures = 0;
    problem = undefined;
  }

  /** Stores a new state and reports the difference; an object with another uid under the same name is a new one. */
  function upsert(object: T): void {
    const old = store.get(nameOf(object));
    if (old !== undefined && old.metadata.uid === object.metadata.uid) {
      if (old.metadata.resourceVersion === object.metadata.resourceVersion) {
        deps.onChange({ type: "resync", object: old, initial: !synced });
        return;
      }
      store.set(object);
      deps.onChange({ type: "updated", object, old, initial: !synced });
      return;
    }
    if (old !== undefined) drop(nameOf(old));
    store.set(object);
    deps.onChange({ type: "added", object, initial: !synced });
  }

  function drop(name: ObjectName): void {
    const last = store.remove(name);
    if (last !== undefined) deps.onChange({ type: "deleted", object: last, initial: false });
  }

  /** Runs the consumer's code; a failure there costs the update of this one object, not the stream. */
  function guarded(id: string, call: () => void): void {
    try {
      call();
    } catch (error) {
      observer?.failedTransform();
      log.error({ ...fields, object: id, error: errorText(error) }, "an object could not be stored");
    }
  }

  async function relist(signal: AbortSignal): Promise<void> {
    // Reduced page by page: a whole list of raw Secrets is never in memory.
    const present = new Map<string, T | undefined>();
    let listed: string | undefined;
    for await (const page of client.listPages<T>(resource, { ...paged, signal })) {
      heardAt = clock.now();
      listed = page.resourceVersion;
      for (const raw of page.items) {
        const id = nameId(nameOf(raw));
        present.set(id, undefined);
        guarded(id, () => void present.set(id, reduce(raw)));
      }
    }
    for (const old of store.list(deps.namespace)) if (!present.has(nameId(nameOf(old)))) drop(nameOf(old));
    for (const [id, object] of present) if (object !== undefined) guarded(id, () => upsert(object));
    version = listed;
    const isFirst = !synced;
    synced = true;
    first.resolve();
    problem = undefined;
    observer?.relisted();
    if (isFirst && !refused) deps.turned?.();
    turn(false);
  }

  /** Follows one watch stream to its end. */
  async function follow(from: string, signal: AbortSignal): Promise<void> {
    const events = client.watch<T>(resource, {
      ...scope,
      signal,
      resourceVersion: from,
      timeoutSeconds: 300 + Math.floor(random() * 300),
      ...(deps.byteDeadlineMs === undefined ? {} : { byteDeadlineMs: deps.byteDeadlineMs }),
      onBytes: () => {
        heardAt = clock.now();
        problem = undefined;
      },
    });
    for await (const event of events) {
      if (signal.aborted) return;
      recovered();
      if (event.type === "BOOKMARK") {
        version = event.resourceVersion || version;
        continue;
      }
      const raw = event.object;
      // A proxy or a resumed stream may replay old events, which must not overwrite newer state.
      if (isNewer(raw.metadata.resourceVersion, version) === false) {
        observer?.ignoredStale();
        continue;
      }
      guarded(nameId(nameOf(raw)), () => {
        if (event.type === "DELETED") drop(nameOf(raw));
        else upsert(reduce(raw));
      });
      version = raw.metadata.resourceVersion ?? version;
    }
  }

  /** Milliseconds to wait after a failure. */
  function delayAfter(error: unknown): number {
    const wanted = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
    const retry = {
      firstMs: deps.firstRetryMs ?? 800,
      maxMs: refused ? MAX_RETRY_REFUSED_MS : MAX_RETRY_MS,
      jitter: random,
    };
    return Math.max(wanted, backoffMs(failures++, retry));
  }

  /** One list if needed and one watch. Returns how long to wait before the next; undefined when there is no such resource. */
  async function cycle(signal: AbortSignal): Promise<number | undefined> {
    const opened = clock.now();
    try {
      if (version === undefined) await relist(signal);
      await follow(version ?? "", signal);
      observer?.interrupted("closed");
      if (clock.now() - opened >= PRODUCTIVE_MS) recovered();
      // A server may close each stream at once: without a delay this would be a hot loop.
      return failures > 0 || clock.now() - opened < 1000 ? delayAfter(undefined) : random() * RESUME_JITTER_MS;
    } catch (error) {
      if (signal.aborted) return 0;
      const cause = causeOf(error);
      observer?.interrupted(cause);
      if (deps.optional === true && isNotFound(error)) {
        if (version === undefined) return undefined;
        // One replica of the API server may lag behind the others: only a LIST that fails as well is an answer.
        version = undefined;
      }
      problem = errorText(error);
      const isRefused = isNotFound(error) || isForbidden(error);
      // What happened while the server refused is not in the stream that it will open again.
      if (isGone(error) || isRefused) version = undefined;
      const level = isRefused && refused ? "debug" : cause === "connection" || cause === "gone" ? "info" : "warn";
      if (isRefused) turn(true);
      log[level]({ ...fields, cause, error: problem, failures }, "a list or watch was interrupted");
      if (error instanceof WatchStalledError) return random() * RESUME_JITTER_MS;
      return delayAfter(error);
    }
  }

  return {
    async run(signal) {
      if (started) throw new Error(`the reflector of ${resource.plural} already runs`);
      started = true;
      while (!signal.aborted) {
        const waitMs = await cycle(signal);
        if (waitMs === undefined) return "notServed";
        await pause(clock, waitMs, signal);
      }
      return "stopped";
    },
    synced: first.promise,
    status: () => ({ synced, resourceVersion: version, silentMs: clock.now() - heardAt, problem, refused }),
  };
}

function causeOf(error: unknown): string {
  if (isGone(error)) return "gone";
  if (error instanceof WatchStalledError) return "stalled";
  if (error instanceof WatchProtocolError) return "truncated";
  if (error instanceof ApiError) return error.status === 429 ? "throttled" : `refused_${error.status}`;
  return "connection";
}

import { builtin, isNotFound, type KubeClient, type KubeObject } from "../../kube/index.ts";
import { type Clock, waitAtMost } from "../clock.ts";
import { microTime } from "../lead/lease.ts";
import type { Log } from "../types.ts";
import { createEventWrites, type EventWritesDeps } from "./event-writes.ts";

/** Something that happened to an object, as `kubectl describe` shows it. */
export interface EventNote {
  readonly regarding: KubeObject;
  readonly type: "Normal" | "Warning";
  /** UpperCamelCase, at most 128 characters. */
  readonly reason: string;
  /** What was done or tried, UpperCamelCase. */
  readonly action: string;
  /** For people; cut to 1,024 bytes as the API demands. */
  readonly note: string;
}

/** Records Events in the background; losing one is never an error. */
export interface EventRecorder {
  record(event: EventNote): void;
  /** Writes what is still open, as far as the signal allows. */
  flush(signal: AbortSignal): Promise<void>;
}

export interface EventRecorderDeps extends EventWritesDeps {
  readonly client: Pick<KubeClient, "create" | "mergePatch">;
  /** `reportingController`, such as `example.dev/operator`. */
  readonly controller: string;
  /** `reportingInstance`: this process. */
  readonly instance: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** An Event of the same kind within six minutes continues a series (client-go's rule). */
const SERIES_GAP_MS = 360_000;
/** While a series runs its count is written once a minute. */
const SERIES_WRITE_MS = 60_000;
/** Per object: 25 at once, then one in five minutes (client-go's spam filter). */
const BURST = 25;
const REFILL_MS = 300_000;
const FLUSH_MS = 5000;

interface Series {
  readonly event: KubeObject & { readonly metadata: { readonly namespace: string; readonly name: string } };
  count: number;
  lastAt: number;
  lastWall: number;
  writtenCount: number;
  cancelWrite: (() => void) | undefined;
}

/** events.k8s.io/v1 with series aggregation and a rate limit per object. */
export function createEventRecorder(deps: EventRecorderDeps): EventRecorder {
  const { client, clock } = deps;
  /** Both maps are kept in the order of the last use, so that what is old stands at the front. */
  const series = new Map<string, Series>();
  const buckets = new Map<string, { readonly tokens: number; readonly at: number }>();
  const writes = createEventWrites(deps);
  let serial = 0;

  function forgetOld(): void {
    const now = clock.now();
    dropFront(series, ({ lastAt, cancelWrite }) => now - lastAt > SERIES_GAP_MS && cancelWrite === undefined);
    dropFront(buckets, ({ at }) => now - at > BURST * REFILL_MS);
  }

  function allowed(object: KubeObject): boolean {
    const id = object.metadata.uid ?? `${object.metadata.namespace}/${object.metadata.name}`;
    const now = clock.now();
    const held = buckets.get(id) ?? { tokens: BURST, at: now };
    const tokens = Math.min(BURST, held.tokens + (now - held.at) / REFILL_MS);
    putLast(buckets, id, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
    return tokens >= 1;
  }

  function start(id: string, note: EventNote): void {
    const namespace = note.regarding.metadata.namespace ?? "default";
    const name = `${note.regarding.metadata.name.slice(0, 200)}.${clock.wall().toString(16)}${(serial++).toString(16)}`;
    const event = {
      apiVersion: "events.k8s.io/v1",
      kind: "Event",
      metadata: { namespace, name },
      eventTime: microTime(clock.wall()),
      regarding: referenceTo(note.regarding),
      type: note.type,
      reason: note.reason,
      action: note.action,
      note: cut(note.note),
      reportingController: deps.controller,
      reportingInstance: deps.instance.slice(0, 128),
    };
    const now = clock.now();
    const begun = { event, count: 1, lastAt: now, lastWall: clock.wall(), writtenCount: 1, cancelWrite: undefined };
    putLast(series, id, begun);
    writes.add({ id: name, kind: "transition", send: (signal) => client.create(event, { signal }) });
  }

  function continueSeries(id: string, held: Series): void {
    held.count += 1;
    held.lastAt = clock.now();
    held.lastWall = clock.wall();
    putLast(series, id, held);
    // The second one makes it a series at once; from then on the count follows at its own pace.
    if (held.count === 2) writeCount(held);
    else held.cancelWrite ??= clock.after(SERIES_WRITE_MS, () => writeCount(held));
  }

  function writeCount(held: Series): void {
    held.cancelWrite?.();
    held.cancelWrite = undefined;
    if (held.count === held.writtenCount) return;
    held.writtenCount = held.count;
    const { namespace, name } = held.event.metadata;
    writes.add({
      id: name,
      kind: "repeat",
      async send(signal) {
        // The newest count, however long the write had to wait.
        const state = { count: held.count, lastObservedTime: microTime(held.lastWall) };
        try {
          await client.mergePatch(builtin.Event, { namespace, name }, { series: state }, { signal });
        } catch (error) {
          // The server keeps Events for an hour only, and the first write may have been dropped.
          if (!isNotFound(error)) throw error;
          await client.create({ ...held.event, series: state }, { signal });
        }
      },
    });
  }

  return {
    record(note) {
      forgetOld();
      const { regarding, type, reason, action } = note;
      const id = JSON.stringify([regarding.metadata.uid, type, reason, action, note.note]);
      const held = series.get(id);
      if (held !== undefined && clock.now() - held.lastAt <= SERIES_GAP_MS) continueSeries(id, held);
      else if (allowed(regarding)) start(id, note);
      else writes.drop("rate_limit");
    },
    async flush(signal) {
      for (const held of series.values()) writeCount(held);
      await waitAtMost(clock, FLUSH_MS, writes.idle(), signal);
    },
  };
}

function putLast<T>(map: Map<string, T>, id: string, value: T): void {
  map.delete(id);
  map.set(id, value);
}

function dropFront<T>(map: Map<string, T>, isOld: (value: T) => boolean): void {
  for (const [id, value] of map) {
    if (!isOld(value)) return;
    map.delete(id);
  }
}

function referenceTo({ apiVersion, kind, metadata }: KubeObject): object {
  const { name, namespace, uid, resourceVersion } = metadata;
  return { apiVersion, kind, name, namespace, uid, resourceVersion };
}

function cut(note: string): string {
  const bytes = Buffer.from(note, "utf8");
  if (bytes.length <= 1024) return note;
  // A cut inside a character would leave a replacement character: three bytes shorter is always enough room for dots.
  return `${bytes
    .subarray(0, 1018)
    .toString("utf8")
    .replace(/\uFFFD+$/, "")}...`;
}

import { backoffMs } from "@taskassistant/kit/failures";
import type { Clock } from "../clock.ts";
import { createHeap } from "./heap.ts";

export interface AddOptions {
  /** Higher goes first; default 0. */
  readonly priority?: number;
  /** How far the object is on its way, 0 to 1: of equal priorities the one that is further goes first. Default 0. */
  readonly progress?: number;
  readonly afterMs?: number;
  /** Counts a failure; the delay doubles with each one. */
  readonly rateLimited?: boolean;
}

/** Counts what happens to items; times are in seconds. */
export interface QueueObserver {
  added(): void;
  retried(): void;
  started(waitedSeconds: number): void;
  finished(workedSeconds: number): void;
}

/**
 * Work queue with the semantics of controller-runtime's priority queue. An id is in it at most once and keeps the highest
 * priority and progress and the shortest delay it was added with. It is never handed out twice at a time: when it is
 * added while a worker has it, it comes again after `done`.
 *
 * The order is priority, then progress, then first come, first served. So that nothing starves, every eighth id handed
 * out is the one that has been due longest: an id with n older ones before it waits for at most 8 (n + 1) others.
 */
export interface WorkQueue {
  add(id: string, options?: AddOptions): void;
  /** The next id that is due; undefined after `shutDown`. Every id handed out must be returned by `done`. */
  get(): Promise<{ readonly id: string; readonly priority: number } | undefined>;
  done(id: string): void;
  /** Clears the failures of an id. */
  forget(id: string): void;
  failures(id: string): number;
  /** How many ids are due and wait, by priority. */
  depth(): Map<number, number>;
  /** For each id handed out, seconds since then. */
  working(): number[];
  /** Hands out nothing more. */
  shutDown(): void;
}

export interface QueueDeps {
  readonly clock: Clock;
  readonly observer?: QueueObserver;
  readonly random?: () => number;
  /** First delay after a failure, milliseconds; default 5. */
  readonly baseDelayMs?: number;
  /** Longest delay after failures, milliseconds; default five minutes. */
  readonly maxDelayMs?: number;
}

/** Every so many ids, the oldest one goes first. */
const OLDEST_EVERY = 8;

interface Item {
  readonly id: string;
  priority: number;
  progress: number;
  readyAt: number;
  /** When it became due; undefined while delayed. */
  due: number | undefined;
  order: number;
}

/** A copy of an item's rank when it was put on a heap: the order on a heap must not change. */
interface Entry {
  readonly item: Item;
  readonly priority: number;
  readonly progress: number;
  readonly readyAt: number;
  readonly order: number;
}

/** Builds an empty queue. */
export function createQueue(deps: QueueDeps): WorkQueue {
  const { clock, observer, random = Math.random, baseDelayMs = 5, maxDelayMs = 300_000 } = deps;
  const items = new Map<string, Item>();
  const ready = createHeap<Entry>(goesFirst);
  const oldest = createHeap<Entry>((a, b) => a.order < b.order);
  const delayed = createHeap<Entry>((a, b) => a.readyAt < b.readyAt);
  const working = new Map<string, number>();
  const failures = new Map<string, number>();
  const waiters: ((next: { id: string; priority: number } | undefined) => void)[] = [];
  let counter = 0;
  let handedOut = 0;
  let stopped = false;
  let alarm: { readonly at: number; readonly cancel: () => void } | undefined;

  function entryOf(item: Item): Entry {
    const { priority, progress, readyAt, order } = item;
    return { item, priority, progress, readyAt, order };
  }

  /** Puts an item where it belongs now; while a worker has its id it is on no heap. */
  function place(item: Item): void {
    if (item.readyAt > clock.now()) {
      delayed.push(entryOf(item));
      return;
    }
    if (item.due === undefined) {
      item.due = clock.now();
      item.order = counter++;
      observer?.added();
    }
    if (working.has(item.id)) return;
    ready.push(entryOf(item));
    oldest.push(entryOf(item));
  }

  /** The first entry whose item has not been handed out since: an item may have several entries on several heaps. */
  function peek(heap: typeof ready): Entry | undefined {
    for (let top = heap.peek(); top !== undefined; top = heap.peek()) {
      if (items.get(top.item.id) === top.item) return top;
      heap.pop();
    }
    return undefined;
  }

  function collectDue(): void {
    for (let top = peek(delayed); top !== undefined && top.readyAt <= clock.now(); top = peek(delayed)) {
      delayed.pop();
      place(top.item);
    }
    const next = peek(delayed);
    if (alarm !== undefined && alarm.at === next?.readyAt) return;
    alarm?.cancel();
    alarm = undefined;
    if (next === undefined || stopped) return;
    const at = next.readyAt;
    const cancel = clock.after(at - clock.now(), () => {
      alarm = undefined;
      dispatch();
    });
    alarm = { at, cancel };
  }

  function dispatch(): void {
    collectDue();
    while (waiters.length > 0 && !stopped) {
      const longestDue = peek(oldest);
      const top = (handedOut + 1) % OLDEST_EVERY === 0 ? longestDue : peek(ready);
      if (top === undefined) return;
      handedOut += 1;
      const { item } = top;
      items.delete(item.id);
      working.set(item.id, clock.now());
      observer?.started((clock.now() - (item.due ?? clock.now())) / 1000);
      waiters.shift()?.({ id: item.id, priority: item.priority });
    }
  }

  function delayFor(id: string, options: AddOptions): number {
    const asked = options.afterMs ?? 0;
    if (options.rateLimited !== true) return asked;
    const count = failures.get(id) ?? 0;
    failures.set(id, count + 1);
    const limited = backoffMs(count, { firstMs: baseDelayMs, maxMs: maxDelayMs, jitter: random });
    return asked > 0 ? Math.min(asked, limited) : limited;
  }

  return {
    add(id, options = {}) {
      if (stopped) return;
      const delay = delayFor(id, options);
      const readyAt = delay > 0 ? clock.now() + delay : 0;
      if (delay > 0) observer?.retried();
      const { priority = 0, progress = 0 } = options;
      const held = items.get(id);
      if (held === undefined) {
        const item: Item = { id, priority, progress, readyAt, due: undefined, order: counter++ };
        items.set(id, item);
        place(item);
      } else if (priority > held.priority || progress > held.progress || readyAt < held.readyAt) {
        held.priority = Math.max(held.priority, priority);
        held.progress = Math.max(held.progress, progress);
        held.readyAt = Math.min(held.readyAt, readyAt);
        place(held);
      }
      dispatch();
    },
    get() {
      if (stopped) return Promise.resolve(undefined);
      return new Promise((resolve) => {
        waiters.push(resolve);
        dispatch();
      });
    },
    done(id) {
      const started = working.get(id);
      if (started === undefined) return;
      working.delete(id);
      observer?.finished((clock.now() - started) / 1000);
      const again = items.get(id);
      if (again !== undefined) place(again);
      dispatch();
    },
    forget: (id) => void failures.delete(id),
    failures: (id) => failures.get(id) ?? 0,
    depth() {
      const depth = new Map<number, number>();
      for (const item of items.values()) {
        if (item.readyAt <= clock.now()) depth.set(item.priority, (depth.get(item.priority) ?? 0) + 1);
      }
      return depth;
    },
    working: () => [...working.values()].map((started) => (clock.now() - started) / 1000),
    shutDown() {
      stopped = true;
      alarm?.cancel();
      alarm = undefined;
      for (const resolve of waiters.splice(0)) resolve(undefined);
    },
  };
}

function goesFirst(a: Entry, b: Entry): boolean {
  if (a.priority !== b.priority) return a.priority > b.priority;
  return a.progress === b.progress ? a.order < b.order : a.progress > b.progress;
}

import type { Clock } from "../src/runtime/index.ts";

/** A clock that moves only when a test calls `advance`. */
export interface FakeClock extends Clock {
  /** Moves the time forward and runs the timers that fall due, in their order. Promises settle in between. */
  advance(ms: number): Promise<void>;
  /** The number of pending timers. */
  readonly timers: number;
}

export function createFakeClock(start = 1_000_000): FakeClock {
  let now = start;
  let serial = 0;
  const timers = new Map<number, { readonly at: number; readonly call: () => void }>();

  return {
    now: () => now,
    wall: () => now,
    after(ms, call) {
      const id = serial++;
      timers.set(id, { at: now + Math.max(0, ms), call });
      return () => void timers.delete(id);
    },
    async advance(ms) {
      const end = now + ms;
      for (;;) {
        await settle();
        const next = [...timers].filter(([, { at }]) => at <= end).sort((a, b) => a[1].at - b[1].at || a[0] - b[0])[0];
        if (next === undefined) break;
        timers.delete(next[0]);
        now = Math.max(now, next[1].at);
        next[1].call();
      }
      now = end;
    },
    get timers() {
      return timers.size;
    },
  };
}

/** Lets everything run that waits for promises alone. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

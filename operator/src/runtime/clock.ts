import { linkedAbort } from "../kube/index.ts";

/** Time as the runtime sees it: monotonic, so that a step of the wall clock neither ends a lease nor delays a retry. */
export interface Clock {
  /** Monotonic milliseconds. */
  now(): number;
  /** Wall-clock milliseconds since the epoch, for timestamps in objects only. */
  wall(): number;
  /** Calls once after so many milliseconds; returns a function that cancels it. */
  after(ms: number, call: () => void): () => void;
}

/** The longest delay setTimeout takes; a longer one fires at once. */
const TIMER_LIMIT_MS = 2 ** 31 - 1;

/** The process's own clock. */
export function systemClock(): Clock {
  return {
    now: () => performance.now(),
    wall: () => Date.now(),
    after(ms, call) {
      const timer = setTimeout(call, Math.max(0, Math.min(ms, TIMER_LIMIT_MS)));
      return () => clearTimeout(timer);
    },
  };
}

/** Waits on a clock; resolves early, without an error, when the signal aborts. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      cancel();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const cancel = clock.after(ms, end);
    signal.addEventListener("abort", end, { once: true });
  });
}

/** Waits for the work, but no longer than so many milliseconds and not after the signal aborts. */
export async function waitAtMost(clock: Clock, ms: number, work: Promise<void>, signal?: AbortSignal): Promise<void> {
  const end = linkedAbort(signal ?? new AbortController().signal);
  try {
    await Promise.race([work, pause(clock, ms, end.signal)]);
  } finally {
    end.abort(new DOMException("the wait is over", "AbortError"));
    end.release();
  }
}

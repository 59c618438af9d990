/**
 * Shares the process between answers that arrive faster than they can be read. What they may hold together is the budget of
 * `ReceiveLimits`.
 */
export interface FloodPauses {
  /** Resolves when the caller may work for a moment. Callers take turns, and everything else that waits comes in between. */
  next(): Promise<void>;
}

/**
 * How long everything else has the process between two turns, in milliseconds. A request of another person takes many rounds of
 * the event loop; with a turn in each of them it would take several times as long.
 */
const PAUSE_MS = 1;

/**
 * One caller at a time, with a pause after each: other people's requests then wait for a slice now and then, however many answers
 * are flooding in. A flood gets slower, and an answer that arrives word by word takes no turns.
 */
export function createFloodPauses(): FloodPauses {
  const waiting: (() => void)[] = [];
  let scheduled = false;
  return {
    next: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        schedule();
      }),
  };

  function schedule(): void {
    if (scheduled || waiting.length === 0) return;
    scheduled = true;
    setTimeout(() => {
      scheduled = false;
      waiting.shift()?.();
      schedule();
    }, PAUSE_MS);
  }
}

/** Shares the process between answers that arrive faster than they can be read. */
export interface Turns {
  /** Resolves when the caller may work for a moment. Callers take turns, and everything else that waits comes in between. */
  next(): Promise<void>;
}

/**
 * One caller at a time, and one in each round of the event loop: other people's requests then wait for one slice of one answer,
 * however many answers are flooding in.
 */
export function createTurns(): Turns {
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
    setImmediate(() => {
      scheduled = false;
      waiting.shift()?.();
      schedule();
    });
  }
}

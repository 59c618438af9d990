/** Watches how late the event loop runs its timers. */
export interface LoopLag {
  /** Milliseconds the loop was last late. */
  lastMs(): number;
  stop(): void;
}

export function measureLoopLag(everyMs = 500): LoopLag {
  let expected = performance.now() + everyMs;
  let last = 0;
  const timer = setInterval(() => {
    last = Math.max(0, performance.now() - expected);
    expected = performance.now() + everyMs;
  }, everyMs);
  timer.unref();
  return { lastMs: () => Math.max(last, performance.now() - expected), stop: () => clearInterval(timer) };
}

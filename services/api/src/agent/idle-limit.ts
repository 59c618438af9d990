import { TurnError } from "./errors.ts";

/**
 * Passes a stream on and ends it with a `model_timeout` when its first piece, or the next one, takes too long
 * (milliseconds). The source is told to stop.
 */
export async function* withIdleLimit<T>(
  source: AsyncIterable<T>,
  limits: { firstMs: number; idleMs: number },
): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  let wait = limits.firstMs;
  let finished = false;
  try {
    for (;;) {
      const next = await within(iterator.next(), wait);
      if (next.done === true) {
        finished = true;
        return;
      }
      wait = limits.idleMs;
      yield next.value;
    }
  } finally {
    // Not awaited: a source that is stuck would never answer.
    if (!finished) void iterator.return?.().catch(() => undefined);
  }
}

async function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new TurnError("model_timeout", `The model said nothing for ${Math.round(ms / 1000)} seconds. Try again.`));
    }, ms);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}

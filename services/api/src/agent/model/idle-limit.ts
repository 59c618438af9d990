import { TurnError } from "./errors.ts";

/**
 * Passes a stream on and ends it with a `model_timeout` when its first piece, or the next one, takes too long
 * (milliseconds). What says nothing, such as a chunk with the role alone, is passed on but is no first piece: some models
 * send it at once and think then. The source is told to stop.
 */
export async function* withIdleLimit<T>(
  source: AsyncIterable<T>,
  limits: { firstMs: number; idleMs: number; saysNothing: (piece: T) => boolean },
): AsyncGenerator<T> {
  const firstUntil = performance.now() + limits.firstMs;
  let begun = false;
  const iterator = source[Symbol.asyncIterator]();
  let finished = false;
  try {
    for (;;) {
      const next: IteratorResult<T> = await within(
        iterator.next(),
        begun ? limits.idleMs : firstUntil - performance.now(),
      );
      if (next.done === true) {
        finished = true;
        return;
      }
      begun ||= !limits.saysNothing(next.value);
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
      reject(new TurnError("model_timeout", "The model said nothing for too long. Try again."));
    }, ms);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}

import { withDeadline } from "@taskassistant/kit/failures";
import { ModelError } from "./errors.ts";

/**
 * Passes a stream on, and fails it with `model_timeout` when its first or next piece takes too long (milliseconds). Pieces
 * for which `isEmpty` holds, such as a chunk with the role alone, are passed on but do not end the wait for the first
 * piece: some models send such a chunk at once and think afterwards. On a failure the source is asked to stop.
 */
export async function* withIdleLimit<T>(
  source: AsyncIterable<T>,
  limits: { firstMs: number; idleMs: number; isEmpty: (piece: T) => boolean },
): AsyncGenerator<T> {
  const firstUntil = performance.now() + limits.firstMs;
  let started = false;
  const iterator = source[Symbol.asyncIterator]();
  let finished = false;
  try {
    for (;;) {
      const next: IteratorResult<T> = await withDeadline(
        iterator.next(),
        started ? limits.idleMs : firstUntil - performance.now(),
        stalled,
      );
      if (next.done === true) {
        finished = true;
        return;
      }
      started ||= !limits.isEmpty(next.value);
      yield next.value;
    }
  } finally {
    // Not awaited: a source that is stuck would never answer.
    if (!finished) void iterator.return?.().catch(() => undefined);
  }
}

function stalled(): ModelError {
  return new ModelError("model_timeout", "The model stopped responding. Try again.");
}

import { setTimeout as sleep } from "node:timers/promises";
import { backoffMs } from "@taskassistant/kit/failures";
import type { ModelEvent } from "./driver.ts";
import { brokeOff } from "./errors.ts";
import { modelErrorOf, PAUSE_MAX_SECONDS, requestedPauseMs, worthRetrying } from "./provider-errors.ts";

/** First pause before a repeated call, in milliseconds; each further one is twice as long. */
const FIRST_PAUSE_MS = 250;
/** Longest pause. When a provider asks for more, the person is told instead (`worthRetrying`). */
const PAUSE_MAX_MS = PAUSE_MAX_SECONDS * 1000;
/** How often one call is sent again in another form. Each time the server has named another thing that it refuses. */
const ADAPTED_MAX = 8;

export interface RetryOptions {
  readonly maxRetries: number;
  readonly model: string;
  /** Never logged, even where the provider quotes them. */
  readonly secrets: readonly string[];
  readonly signal: AbortSignal;
  /** Learns from a refusal. Whether the next attempt will send something else. */
  readonly adapt: (error: unknown) => boolean;
}

/**
 * Asks the model, and asks again after a failure that may heal or after a refusal that teaches how to ask, but only while
 * nothing of an answer has been passed on: a person must not read the beginning of an answer twice. Throws `ModelError`,
 * or the abort reason of the signal.
 */
export async function* withRetries(
  attempt: () => AsyncIterable<ModelEvent>,
  options: RetryOptions,
): AsyncGenerator<ModelEvent> {
  const { maxRetries, signal } = options;
  let retries = 0;
  let adapted = 0;
  for (;;) {
    let passedOn = false;
    let done = false;
    try {
      for await (const event of attempt()) {
        passedOn = true;
        done = event.type === "done";
        yield event;
      }
      signal.throwIfAborted();
      if (done) return;
      throw brokeOff();
    } catch (error) {
      signal.throwIfAborted();
      if (passedOn) throw modelErrorOf(error, options);
      if (adapted < ADAPTED_MAX && options.adapt(error)) {
        adapted++;
        continue;
      }
      const again = worthRetrying(error);
      if (again === "never" || retries >= maxRetries) throw modelErrorOf(error, options);
      const ownPauseMs = again === "at once" ? 0 : backoffMs(retries, { firstMs: FIRST_PAUSE_MS, maxMs: PAUSE_MAX_MS });
      const pauseMs = Math.min(requestedPauseMs(error) ?? ownPauseMs, PAUSE_MAX_MS);
      retries++;
      await sleep(pauseMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}

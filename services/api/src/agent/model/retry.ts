import { setTimeout as sleep } from "node:timers/promises";
import { backoffMs } from "@taskassistant/kit/failures";
import type { ModelEvent } from "./driver.ts";
import { ModelError } from "./errors.ts";
import { isWorthRetrying, modelErrorOf, PAUSE_MAX_SECONDS, requestedPauseMs } from "./provider-errors.ts";

/** First pause before a repeated call, in milliseconds; each further one is twice as long. */
const FIRST_PAUSE_MS = 250;
/** Longest pause. When a provider asks for more after a 429, the person is told instead (`isWorthRetrying`). */
const PAUSE_MAX_MS = PAUSE_MAX_SECONDS * 1000;

/**
 * Asks the model, and asks again after a failure that may heal, but only while nothing of an answer has been passed on:
 * a person must not read the beginning of an answer twice. Throws `ModelError`, or the abort reason of the signal.
 */
export async function* withRetries(
  attempt: () => AsyncIterable<ModelEvent>,
  options: { maxRetries: number; model: string; signal: AbortSignal },
): AsyncGenerator<ModelEvent> {
  const { maxRetries, model, signal } = options;
  for (let retry = 0; ; retry++) {
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
      throw new ModelError("model_unavailable", "The model's answer broke off. Try again.");
    } catch (error) {
      signal.throwIfAborted();
      if (passedOn || retry >= maxRetries || !isWorthRetrying(error)) throw modelErrorOf(error, model);
      const ownPauseMs = backoffMs(retry, { firstMs: FIRST_PAUSE_MS, maxMs: PAUSE_MAX_MS });
      const pauseMs = Math.min(requestedPauseMs(error) ?? ownPauseMs, PAUSE_MAX_MS);
      await sleep(pauseMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}

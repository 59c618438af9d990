import { setTimeout as sleep } from "node:timers/promises";
import { APIConnectionError, APIConnectionTimeoutError, APIError } from "openai";
import { TurnError } from "./errors.ts";

/** Longest pause a provider can ask for before we rather tell the person, in seconds. */
const PAUSE_MAX_SECONDS = 5;

/** Whether the same call may work in a moment. */
export function isWorthRetrying(error: unknown): boolean {
  if (error instanceof TurnError) return error.code === "model_unavailable";
  if (error instanceof APIConnectionTimeoutError) return false;
  if (!(error instanceof APIError) || error.status === undefined) return true;
  if (error.code === "insufficient_quota") return false;
  if (error.status === 429) return (retryAfterOf(error) ?? 0) <= PAUSE_MAX_SECONDS;
  return error.status === 408 || error.status === 409 || error.status >= 500;
}

/** Waits before the next attempt: as long as the provider asks, else 0.25 s, 0.5 s, 1 s and so on. */
export async function pauseBefore(retry: number, error: unknown, signal: AbortSignal): Promise<void> {
  const asked = error instanceof APIError ? retryAfterOf(error) : undefined;
  const ms = Math.min(asked === undefined ? 250 * 2 ** retry : asked * 1000, PAUSE_MAX_SECONDS * 1000);
  await sleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
}

/** The provider's error as one of ours. The provider's own words stay in the log: they may quote the key. */
export function turnErrorOf(error: unknown, model: string): TurnError {
  if (error instanceof TurnError) return error;
  if (error instanceof APIConnectionTimeoutError) {
    return new TurnError("model_timeout", "The model did not answer in time. Try again.", { cause: error });
  }
  if (error instanceof APIConnectionError || !(error instanceof APIError) || error.status === undefined) {
    return new TurnError("model_unavailable", "The model can't be reached right now. Try again in a moment.", {
      cause: error,
    });
  }
  const cause = { cause: error };
  if (error.status === 401 || error.status === 403) {
    return new TurnError(
      "model_key_invalid",
      "The model provider refuses the API key. Whoever runs this assistant has to check it.",
      cause,
    );
  }
  if (error.status === 429) {
    if (error.code === "insufficient_quota") {
      return new TurnError("rate_limited", "The quota at the model provider is used up.", cause);
    }
    const retryAfterSeconds = retryAfterOf(error) ?? 10;
    return new TurnError(
      "rate_limited",
      "The model provider is receiving too many requests. Wait a little, then try again.",
      {
        ...cause,
        retryAfterSeconds,
      },
    );
  }
  if (error.status === 404) {
    return new TurnError("model_unavailable", `The model provider has no model named ${model}.`, cause);
  }
  if (error.status < 500) {
    return new TurnError("model_unavailable", "The model provider refused the request.", cause);
  }
  return new TurnError("model_unavailable", "The model provider has a problem. Try again in a moment.", cause);
}

/** Whole seconds of a `Retry-After` header (RFC 9110, section 10.2.3), whether it gives seconds or a date. */
function retryAfterOf(error: APIError): number | undefined {
  const header = error.headers?.get("retry-after");
  if (header === null || header === undefined) return undefined;
  const seconds = Number(header);
  const wait = Number.isFinite(seconds) ? seconds : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(wait) && wait >= 0 ? Math.min(Math.ceil(wait), 86_400) : undefined;
}

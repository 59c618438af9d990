import { isRecord } from "@taskassistant/contracts";
import { secondsUntilRetry } from "@taskassistant/kit/fetch";
import { ModelError, ProviderError } from "./errors.ts";

/** Longest pause before the same call is repeated, in seconds. */
export const PAUSE_MAX_SECONDS = 5;

/** Whether the same call may work in a moment. */
export function isWorthRetrying(error: unknown): boolean {
  if (error instanceof ModelError) return error.code === "model_unavailable";
  if (!(error instanceof ProviderError) || error.status === undefined) return true;
  if (givenCode(error) === "insufficient_quota") return false;
  if (error.status === 429) return (retryAfterOf(error) ?? 0) <= PAUSE_MAX_SECONDS;
  return error.status === 408 || error.status === 409 || error.status >= 500;
}

/** The pause the provider asks for before the next call, in milliseconds; undefined when it does not ask. */
export function requestedPauseMs(error: unknown): number | undefined {
  const seconds = error instanceof ProviderError ? retryAfterOf(error) : undefined;
  return seconds === undefined ? undefined : seconds * 1000;
}

/**
 * Turns an error of the provider or of the connection into a sentence for the person. The provider's own words stop here,
 * because they may quote the key: not even the log gets them.
 */
export function modelErrorOf(error: unknown, model: string): ModelError {
  if (error instanceof ModelError) return error;
  const cause = { cause: traceOf(error) };
  if (!(error instanceof ProviderError) || error.status === undefined) {
    return new ModelError("model_unavailable", "The model can't be reached right now. Try again in a moment.", cause);
  }
  if (error.status === 401 || error.status === 403) {
    return new ModelError(
      "model_key_invalid",
      "The model provider refuses the API key. Ask the administrator of this assistant to check it.",
      cause,
    );
  }
  if (error.status === 429) return tooManyRequests(error, cause);
  if (error.status === 404) {
    return new ModelError("model_unavailable", `The model provider has no model named ${model}.`, cause);
  }
  if (error.status < 500) {
    return new ModelError("model_unavailable", "The model provider refused the request.", cause);
  }
  return new ModelError("model_unavailable", "The model provider has a problem. Try again in a moment.", cause);
}

function tooManyRequests(error: ProviderError, cause: { cause: unknown }): ModelError {
  if (givenCode(error) === "insufficient_quota") {
    return new ModelError("rate_limited", "The quota at the model provider is used up.", cause);
  }
  return new ModelError(
    "rate_limited",
    "The model provider is receiving too many requests. Wait a little, then try again.",
    { ...cause, retryAfterSeconds: retryAfterOf(error) ?? 10 },
  );
}

/**
 * What the log gets of a provider's error: its class and its status, and from the provider's answer only what has the form
 * of a code or of an id.
 */
function traceOf(error: unknown): Record<string, string | number> {
  const trace: Record<string, string | number> = {
    type: error instanceof Error ? error.name : typeof error,
  };
  const status = error instanceof ProviderError ? error.status : undefined;
  if (status !== undefined) trace.status = status;
  const code = error instanceof ProviderError ? codeOf(error) : systemCodeOf(error);
  if (code !== undefined) trace.code = code;
  const id = error instanceof ProviderError ? error.headers.get("x-request-id") : null;
  if (id !== null && /^[\w-]{1,100}$/.test(id)) trace.provider_request_id = id;
  return trace;
}

/** `invalid_api_key` and the like. Keys have digits or capital letters. */
function codeOf(error: ProviderError): string | undefined {
  const code = givenCode(error);
  return typeof code === "string" && /^[a-z_]{1,64}$/.test(code) ? code : undefined;
}

function givenCode(error: ProviderError): unknown {
  const inner = isRecord(error.body) && isRecord(error.body.error) ? error.body.error : error.body;
  return isRecord(inner) ? inner.code : undefined;
}

/** `ECONNREFUSED` and the like, which may be wrapped several times. */
function systemCodeOf(error: unknown): string | undefined {
  let inner: unknown = error;
  for (let depth = 0; depth < 5 && inner instanceof Error; depth++) {
    if ("code" in inner && typeof inner.code === "string" && /^[A-Z_]{1,64}$/.test(inner.code)) return inner.code;
    inner = inner.cause;
  }
  return undefined;
}

/** Longest wait that is passed on, in seconds. */
const MAX_RETRY_AFTER_SECONDS = 86_400;

function retryAfterOf(error: ProviderError): number | undefined {
  const seconds = secondsUntilRetry(error.headers.get("retry-after"), Date.now());
  return seconds === undefined ? undefined : Math.min(seconds, MAX_RETRY_AFTER_SECONDS);
}

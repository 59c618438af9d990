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

/** The provider's error as one of ours. The provider's own words end here, for they may quote the key: not even the log gets them. */
export function turnErrorOf(error: unknown, model: string): TurnError {
  if (error instanceof TurnError) return error;
  if (error instanceof APIConnectionTimeoutError) {
    return new TurnError("model_timeout", "The model did not answer in time. Try again.", { cause: traceOf(error) });
  }
  if (error instanceof APIConnectionError || !(error instanceof APIError) || error.status === undefined) {
    return new TurnError("model_unavailable", "The model can't be reached right now. Try again in a moment.", {
      cause: traceOf(error),
    });
  }
  const cause = { cause: traceOf(error) };
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

/** What the log gets of a provider's error: its kind, and of the provider's answer only what has the form of a code or an id. */
function traceOf(error: unknown): Record<string, string | number> {
  const trace: Record<string, string | number> = {
    type: error instanceof Error ? error.constructor.name : typeof error,
  };
  const status = error instanceof APIError ? error.status : undefined;
  if (typeof status === "number") trace.status = status;
  const code = error instanceof APIConnectionError ? systemCodeOf(error) : codeOf(error);
  if (code !== undefined) trace.code = code;
  const id = error instanceof APIError ? error.requestID : undefined;
  if (typeof id === "string" && /^[\w-]{1,100}$/.test(id)) trace.provider_request_id = id;
  return trace;
}

/** `invalid_api_key` and the like. Keys have digits or capital letters. */
function codeOf(error: unknown): string | undefined {
  const code = error instanceof APIError ? error.code : undefined;
  return typeof code === "string" && /^[a-z_]{1,64}$/.test(code) ? code : undefined;
}

/** `ECONNREFUSED` and the like, from however deep it was wrapped. */
function systemCodeOf(error: unknown): string | undefined {
  let inner: unknown = error;
  for (let depth = 0; depth < 5 && inner instanceof Error; depth++) {
    if ("code" in inner && typeof inner.code === "string" && /^[A-Z_]{1,64}$/.test(inner.code)) return inner.code;
    inner = inner.cause;
  }
  return undefined;
}

/** Whole seconds of a `Retry-After` header (RFC 9110, section 10.2.3), whether it gives seconds or a date. */
function retryAfterOf(error: APIError): number | undefined {
  const header = error.headers?.get("retry-after");
  if (header === null || header === undefined) return undefined;
  const seconds = Number(header);
  const wait = Number.isFinite(seconds) ? seconds : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(wait) && wait >= 0 ? Math.min(Math.ceil(wait), 86_400) : undefined;
}

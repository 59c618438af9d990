import { strings } from "../strings.ts";
import { ApiError } from "./api-error.ts";

/** What a person reads when something failed. */
export type Explanation = { sentence: string; requestId?: string; retryAfter?: number; retryable: boolean };

/** Codes that say all there is to know. A code that is not here is told in the server's own words. */
const SENTENCES: Record<string, string> = {
  offline: strings.errors.offline,
  unauthorized: strings.errors.unauthorized,
  forbidden: strings.errors.forbidden,
  not_found: strings.errors.notFound,
  conflict: strings.errors.conflict,
  precondition_failed: strings.errors.conflict,
  payload_too_large: strings.errors.tooLarge,
  rate_limited: strings.errors.rateLimited,
  model_unavailable: strings.errors.modelUnavailable,
  model_key_invalid: strings.errors.modelKey,
  model_timeout: strings.errors.modelTimeout,
  unavailable: strings.errors.unavailable,
  internal: strings.errors.internal,
};

const FINAL = new Set(["forbidden", "not_found", "payload_too_large", "invalid_request", "unsupported_media_type"]);

/**
 * Turns any failure into a sentence that says what to do. Where the server knows more than its code tells (a wrong
 * field, answers still being written), its `detail` is that sentence; technical texts of the browser never reach the
 * person.
 */
export function explain(error: unknown): Explanation {
  if (!(error instanceof ApiError)) {
    return { sentence: isUnreachable(error) ? strings.errors.offline : strings.errors.unknown, retryable: true };
  }
  return {
    sentence: SENTENCES[error.code] ?? (error.message || strings.errors.unknown),
    retryable: !FINAL.has(error.code),
    ...(error.requestId === undefined ? {} : { requestId: error.requestId }),
    ...(error.retryAfter === undefined ? {} : { retryAfter: error.retryAfter }),
  };
}

/** `fetch` reports a lost network as a TypeError, each browser with other words. */
function isUnreachable(error: unknown): boolean {
  return error instanceof TypeError;
}

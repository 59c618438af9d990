import { ApiError } from "./api-error.ts";
import { words } from "./words.ts";

/** What a person reads when something failed. */
export interface Explanation {
  sentence: string;
  requestId?: string;
  /** Seconds until another try makes sense. */
  retryAfter?: number;
  retryable: boolean;
}

const FINAL = new Set([
  "quota_exceeded",
  "forbidden",
  "not_found",
  "payload_too_large",
  "invalid_request",
  "unsupported_media_type",
]);

/**
 * Turns any failure into a sentence that says what to do. Where the server knows more than its code tells (a wrong
 * field, answers still being written), its `detail` is that sentence. Technical texts of the browser never reach the
 * person.
 */
export function explain(error: unknown): Explanation {
  if (!(error instanceof ApiError)) {
    return { sentence: isUnreachable(error) ? words.offline : words.unknown, retryable: true };
  }
  return {
    sentence: sentenceFor(error.code) ?? (error.message || words.unknown),
    retryable: !FINAL.has(error.code),
    ...(error.requestId === undefined ? {} : { requestId: error.requestId }),
    ...(error.retryAfter === undefined ? {} : { retryAfter: error.retryAfter }),
  };
}

/** The sentence for a code that needs no details from the server. */
function sentenceFor(code: string): string | undefined {
  const sentences: Record<string, string> = {
    offline: words.offline,
    INVALID_ORIGIN: words.origin,
    MISSING_OR_NULL_ORIGIN: words.origin,
    unauthorized: words.unauthorized,
    forbidden: words.forbidden,
    not_found: words.notFound,
    conflict: words.conflict,
    precondition_failed: words.conflict,
    payload_too_large: words.tooLarge,
    rate_limited: words.rateLimited,
    model_unavailable: words.modelUnavailable,
    model_key_invalid: words.modelKey,
    model_timeout: words.modelTimeout,
    unavailable: words.unavailable,
    internal: words.internal,
  };
  return sentences[code];
}

/** `fetch` reports a lost network as a TypeError, and each browser words it differently. */
function isUnreachable(error: unknown): boolean {
  return error instanceof TypeError;
}

/** `Retry-After` as a header to send (RFC 9110, section 10.2.3): whole seconds, rounded up. */
export function retryAfter(seconds: number): { readonly "retry-after": string } {
  return { "retry-after": String(Math.max(0, Math.ceil(seconds))) };
}

/**
 * Reads a `Retry-After` header, which gives seconds or an HTTP date. `now` is in milliseconds since the epoch. Returns whole
 * seconds from `now`, 0 for a time that has passed, and undefined where the header is missing or unreadable.
 */
export function secondsUntilRetry(header: string | null | undefined, now: number): number | undefined {
  const text = header?.trim() ?? "";
  if (text === "") return undefined;
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : (Date.parse(text) - now) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined;
}

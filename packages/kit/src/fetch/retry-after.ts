/**
 * Seconds to send in `Retry-After` where nobody knows how long the trouble lasts: long enough that its usual cause is over, and
 * short for a person who waits.
 */
export const WAIT_SECONDS = {
  /** A neighbour did not answer, mostly because its pod is being replaced. Another pod serves the next request. */
  neighbour: 2,
  /** The API lacks what every request needs: its database, or the frontend that checks sign-ins. All replicas have to wait. */
  dependency: 5,
  /** All runs that a user, or a replica, may have at a time are under way. A run takes several seconds. */
  freeRun: 5,
  /** As much work of one user waits for the database as may wait. A statement takes milliseconds, a search up to a second. */
  ownRequests: 2,
  /** The bodies that clients are sending fill the memory set aside for them. A body takes a moment. */
  uploads: 2,
  /** Large answers fill the memory set aside for them, until their readers have read them. */
  readers: 5,
  /** Very long lines of many models fill the memory set aside for them. A model takes several seconds for one. */
  longAnswers: 10,
  /** The API rejects a token that the frontend has just signed, until it has fetched the newest signing keys. */
  newKeys: 5,
} as const;

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

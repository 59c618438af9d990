import { jsonRpcError, SERVER_ERROR } from "./json-rpc-error.ts";

/** Gives the refusal when the user has no request left, or undefined. */
export type RateLimit = (userId: string) => Response | undefined;

/** Most users remembered; the one that was away longest falls out, with a full bucket as if it came anew. */
const USERS_MAX = 10_000;

/**
 * A token bucket for each user, in this process: at most `perMinute` requests at once, refilled evenly over a minute.
 * Not exact over several replicas, which is enough to keep one user's loop from slowing down the others.
 */
export function createRateLimit(perMinute: number, now: () => number = Date.now): RateLimit {
  const buckets = new Map<string, { left: number; at: number }>();
  const perMs = perMinute / 60_000;

  return (userId) => {
    const time = now();
    const bucket = buckets.get(userId);
    const left = bucket === undefined ? perMinute : Math.min(perMinute, bucket.left + (time - bucket.at) * perMs);
    const allowed = left >= 1;
    buckets.delete(userId);
    buckets.set(userId, { left: allowed ? left - 1 : left, at: time });
    const oldest = buckets.size > USERS_MAX ? buckets.keys().next().value : undefined;
    if (oldest !== undefined) buckets.delete(oldest);
    if (allowed) return undefined;
    const seconds = Math.max(1, Math.ceil((1 - left) / perMs / 1000));
    const message = `Too many requests; at most ${perMinute} a minute. Try again in ${seconds} s.`;
    return jsonRpcError(429, SERVER_ERROR, message, { "retry-after": String(seconds) });
  };
}

import { LRUCache } from "lru-cache";

/** Counts a request of a user. Gives the whole seconds to wait when the user has none left, else undefined. */
export type RateLimit = (userId: string) => number | undefined;

/** Maximum number of users remembered. The user who was away longest is dropped and gets a full bucket on return. */
const USERS_MAX = 10_000;

/**
 * A token bucket for each user, in this process: at most `perMinute` requests at once, refilled evenly over a minute; no
 * limit when 0. Not exact over several replicas, which is enough to keep one user's loop from slowing down the others.
 */
export function createRateLimit(perMinute: number, now: () => number = Date.now): RateLimit {
  if (perMinute === 0) return () => undefined;
  const buckets = new LRUCache<string, { left: number; at: number }>({ max: USERS_MAX });
  const perMs = perMinute / 60_000;

  return (userId) => {
    const time = now();
    const bucket = buckets.get(userId);
    const left = bucket === undefined ? perMinute : Math.min(perMinute, bucket.left + (time - bucket.at) * perMs);
    const allowed = left >= 1;
    buckets.set(userId, { left: allowed ? left - 1 : left, at: time });
    return allowed ? undefined : Math.max(1, Math.ceil((1 - left) / perMs / 1000));
  };
}

/** Counts a request of a user. Gives the whole seconds to wait when the user has none left, else undefined. */
export type RateLimit = (userId: string) => number | undefined;

/** Most users remembered; the one that was away longest falls out, with a full bucket as if it came anew. */
const USERS_MAX = 10_000;

/**
 * A token bucket for each user, in this process: at most `perMinute` requests at once, refilled evenly over a minute; no
 * limit when 0. Not exact over several replicas, which is enough to keep one user's loop from slowing down the others.
 */
export function createRateLimit(perMinute: number, now: () => number = Date.now): RateLimit {
  if (perMinute === 0) return () => undefined;
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
    return allowed ? undefined : Math.max(1, Math.ceil((1 - left) / perMs / 1000));
  };
}

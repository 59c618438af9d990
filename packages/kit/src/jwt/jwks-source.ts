import { LRUCache } from "lru-cache";
import { backoffMs } from "../failures/backoff.ts";
import type { Logger } from "../process/logger.ts";
import { fetchKeySet, type VerificationKey } from "./jwks-document.ts";
import { TokenError } from "./token-error.ts";

export type JwksSource = {
  /** The key as known now, or undefined. Never waits; starts a refresh in the background when the set is getting old. */
  current(kid: string): VerificationKey | undefined;
  /** The key, fetched if need be. Throws `TokenError` (`unknown_key` or `keys_unavailable`). */
  resolve(kid: string): Promise<VerificationKey>;
};

export type JwksSourceOptions = {
  url: string;
  log?: Logger;
  /** Age at which the set is fetched again in the background; at twice this age a caller waits for it. */
  refreshSeconds?: number;
  /** Maximum age of a set that is used while the endpoint fails. */
  staleSeconds?: number;
  /** Minimum time between two fetches for unknown key ids. */
  cooldownSeconds?: number;
  /** How long a key id that a fresh set lacks is refused without another fetch. */
  negativeSeconds?: number;
  timeoutMs?: number;
  /** Clock in milliseconds (tests). */
  now?: () => number;
};

/** Maximum number of unknown key ids remembered. */
const NEGATIVE_MAX = 1_000;
/** Wait after a failed fetch, in milliseconds: at first, and at most while it goes on failing. */
const RETRY_MS = 1_000;
const RETRY_MAX_MS = 30_000;
/** The maximum wait while there is no set at all, because a starting service waits for the first one. */
const FIRST_RETRY_MAX_MS = 2_000;

/**
 * The public keys of the issuer. Good keys go on working while the endpoint is down (stale-if-error), concurrent callers
 * share one fetch, and no flood of forged key ids causes more than one fetch per cool-down.
 */
export function createJwksSource(options: JwksSourceOptions): JwksSource {
  const now = options.now ?? Date.now;
  const refreshMs = (options.refreshSeconds ?? 300) * 1000;
  const staleMs = (options.staleSeconds ?? 86_400) * 1000;
  const cooldownMs = (options.cooldownSeconds ?? 30) * 1000;
  const negativeMs = (options.negativeSeconds ?? 300) * 1000;
  const timeoutMs = options.timeoutMs ?? 5_000;

  let keys = new Map<string, VerificationKey>();
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let triedAt = Number.NEGATIVE_INFINITY;
  let failures = 0;
  let running: Promise<void> | undefined;
  const unknown = new LRUCache<string, number>({ max: NEGATIVE_MAX });

  const age = () => now() - fetchedAt;
  const usable = () => age() < staleMs;
  const mayRetry = (): boolean => {
    const maxMs = usable() ? RETRY_MAX_MS : FIRST_RETRY_MAX_MS;
    return failures === 0 || now() - triedAt >= backoffMs(failures - 1, { firstMs: RETRY_MS, maxMs });
  };

  /** One fetch at a time; never throws. */
  const refresh = (): Promise<void> => {
    running ??= fetchOnce().finally(() => {
      running = undefined;
    });
    return running;
  };

  const fetchOnce = async (): Promise<void> => {
    triedAt = now();
    try {
      const fetched = await fetchKeySet(options.url, timeoutMs);
      // The same key stays the same object, so that the verified tokens that refer to it stay valid over a refresh.
      for (const [kid, key] of fetched) if (keys.get(kid)?.x === key.x) fetched.set(kid, keys.get(kid) ?? key);
      keys = fetched;
      fetchedAt = now();
      failures = 0;
    } catch (error) {
      failures += 1;
      options.log?.warn({ err: error, age_seconds: Math.round(age() / 1000), failures }, "key set not fetched");
    }
  };

  const refuse = (kid: string): void => {
    unknown.set(kid, now() + negativeMs);
  };

  const current = (kid: string): VerificationKey | undefined => {
    if (age() >= refreshMs && mayRetry()) void refresh();
    return age() < 2 * refreshMs || (failures > 0 && usable()) ? keys.get(kid) : undefined;
  };

  const resolve = async (kid: string): Promise<VerificationKey> => {
    const known = current(kid);
    if (known !== undefined) return known;
    if (age() >= 2 * refreshMs) {
      // There is no set yet, or an old one, so every caller waits for the one fetch.
      if (running !== undefined || mayRetry()) await refresh();
      if (!usable()) throw new TokenError("keys_unavailable");
      const key = keys.get(kid);
      if (key !== undefined) return key;
      if (failures === 0) refuse(kid);
      throw new TokenError("unknown_key");
    }
    // The set is fresh but lacks the key, which may be new. Fetch again, but seldom.
    const refusedUntil = unknown.get(kid);
    if (refusedUntil !== undefined && refusedUntil > now()) throw new TokenError("unknown_key");
    if (running !== undefined) await running;
    else if (now() - triedAt >= cooldownMs) await refresh();
    else throw new TokenError("unknown_key");
    const key = keys.get(kid);
    if (key !== undefined) return key;
    if (failures === 0) refuse(kid);
    throw new TokenError("unknown_key");
  };

  return { current, resolve };
}

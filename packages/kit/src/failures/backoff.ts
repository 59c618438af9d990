/** How the pauses between attempts grow. */
export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
  /** A number from 0 to 1 that shortens the pause by up to a quarter, so that retries spread out; 0 unless given. */
  readonly jitter?: () => number;
}

/** The pause after an attempt, which counts from 0: the first pause, then twice as long each time up to the maximum. */
export function backoffMs(attempt: number, { firstMs, maxMs, jitter = () => 0 }: Backoff): number {
  return Math.min(firstMs * 2 ** attempt, maxMs) * (1 - jitter() / 4);
}

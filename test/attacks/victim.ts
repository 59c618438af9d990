/** What a person notices: how long requests took, in milliseconds, and how many failed. */
export interface Experience {
  readonly requests: number;
  readonly failed: number;
  readonly medianMs: number;
  readonly p99Ms: number;
}

/** Asks again and again for the given time, one request after the other. `ask` throws when it fails. */
export async function experience(ask: () => Promise<void>, ms: number): Promise<Experience> {
  const times: number[] = [];
  let failed = 0;
  const until = performance.now() + ms;
  while (performance.now() < until) {
    const started = performance.now();
    await ask().catch(() => {
      failed += 1;
    });
    times.push(performance.now() - started);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { requests: times.length, failed, medianMs: at(0.5), p99Ms: at(0.99) };
}

/** One line: the victim under attack, compared with the victim under as much honest work. */
export function compared(attacked: Experience, honest: Experience): string {
  const ratio = (a: number, b: number) => (b === 0 ? "-" : (a / b).toFixed(2));
  const failed = `${attacked.failed} of ${attacked.requests} failed (honest: ${honest.failed} of ${honest.requests})`;
  return `median x${ratio(attacked.medianMs, honest.medianMs)}, p99 x${ratio(attacked.p99Ms, honest.p99Ms)}, ${failed}`;
}

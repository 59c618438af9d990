import type { CheckOutcome } from "./model-check.ts";
import type { ModelReport } from "./model-health.ts";

/** Milliseconds from the start to the first check, to which a random part comes, so that all pods don't ask at once. */
const FIRST_MS = 2_000;
const FIRST_SPREAD_MS = 8_000;
/** Between checks, while all is well and while it is not. So no more than six in an hour, of at most two requests each. */
const CALM_MS = 60 * 60_000;
const FAILING_MS = 10 * 60_000;

const UNKNOWN: CheckOutcome = { outcome: "unknown" };

export interface CheckScheduleDeps {
  readonly check: (signal: AbortSignal) => Promise<CheckOutcome>;
  readonly health: { checked(found: CheckOutcome): void; report(): ModelReport };
  /** From 0 to 1; by default `Math.random`. */
  readonly random?: () => number;
}

/** Checks the model now and then, unless people's questions tell how it does. Returns a function that ends it. */
export function scheduleChecks({ check, health, random = Math.random }: CheckScheduleDeps): () => void {
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const wait = (ms: number) => {
    timer = setTimeout(() => void run(), ms).unref();
  };

  async function run(): Promise<void> {
    if (!wasAskedLately(health.report())) health.checked(await check(stop.signal).catch(() => UNKNOWN));
    if (!stop.signal.aborted) wait(health.report().failure === undefined ? CALM_MS : FAILING_MS);
  }

  wait(FIRST_MS + random() * FIRST_SPREAD_MS);
  return () => {
    stop.abort();
    clearTimeout(timer);
  };
}

function wasAskedLately({ answeredAt }: ModelReport): boolean {
  return answeredAt !== undefined && Date.now() - Date.parse(answeredAt) < CALM_MS;
}

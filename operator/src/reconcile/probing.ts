import type { ProbeOutcome } from "./assess.ts";
import type { Probe, ProbeTarget } from "./probe.ts";

/** Remembers the last answers, so that a burst of changes doesn't become a burst of probes. */
export interface Probing {
  /** The result, at most half a minute old. */
  look(uid: string, target: ProbeTarget, signal: AbortSignal): Promise<ProbeOutcome>;
  /** Milliseconds until the next look; undefined when probes are off. */
  nextInMs(outcome: ProbeOutcome): number | undefined;
  forget(uid: string): void;
}

const FRESH_MS = 25_000;
const GOOD_MS = 30_000;
const BAD_MS = 5000;
const SECOND_TRY_MS = 1000;

/** With `probe` undefined nothing is asked: pods that are ready count. */
export function createProbing(probe: Probe | undefined, now: () => number = Date.now): Probing {
  const last = new Map<string, { at: number; outcome: ProbeOutcome }>();
  return {
    async look(uid, target, signal) {
      if (probe === undefined) return "disabled";
      const known = last.get(uid);
      if (known !== undefined && isGood(known.outcome) && now() - known.at < FRESH_MS) return known.outcome;
      let outcome = await probe(target, signal);
      if (!isGood(outcome) && known !== undefined && isGood(known.outcome)) {
        // It worked until now: one lost packet is no outage.
        await new Promise((resolve) => setTimeout(resolve, SECOND_TRY_MS));
        outcome = await probe(target, signal);
      }
      last.set(uid, { at: now(), outcome });
      return outcome;
    },
    nextInMs: (outcome) => (outcome === "disabled" ? undefined : isGood(outcome) ? GOOD_MS : BAD_MS),
    forget: (uid) => void last.delete(uid),
  };
}

function isGood(outcome: ProbeOutcome): boolean {
  return (
    outcome === "disabled" || (outcome !== undefined && outcome.frontend === undefined && outcome.mcp === undefined)
  );
}

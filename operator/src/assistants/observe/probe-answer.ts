import type { ProbeOutcome } from "./probe-outcome.ts";
import { isGood } from "./probe-schedule.ts";

/** What an upgrade needs to know of the last probe. */
export type LastAnswer = { readonly at: Date; readonly isGood: boolean } | "disabled" | undefined;

/** The last probe as a fact with a time. */
export function probeAnswer(outcome: ProbeOutcome, now: Date, ageMs: number): LastAnswer {
  if (outcome === undefined || outcome === "disabled") return outcome;
  return { at: new Date(now.getTime() - ageMs), isGood: isGood(outcome) };
}

import type { ProbeOutcome } from "../../../observe/probe-outcome.ts";
import type { Facts } from "../facts.ts";
import type { Finding } from "../finding.ts";

/** What the conditions that summarise others are decided by. */
export interface Judgement {
  readonly facts: Facts;
  readonly probe: ProbeOutcome;
  /** The conditions they summarise, in the order in which things depend on each other. */
  readonly parts: readonly Finding[];
  /** The condition Upgradeable, on which Ready does not depend. */
  readonly upgradeable: Finding;
}

/** One rule of an ordered list: its finding if it applies. */
export type Rule<J = Judgement> = (judgement: J) => Finding | undefined;

/** The finding of the first rule that applies. The last rule of a list applies always. */
export function firstOf<J>(rules: readonly Rule<J>[], judgement: J): Finding {
  for (const rule of rules) {
    const found = rule(judgement);
    if (found !== undefined) return found;
  }
  throw new Error("the last rule of a list must always apply");
}

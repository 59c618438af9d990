import type { Harness } from "../../services/api/test/harness/harness.ts";
import { hold } from "./hold.ts";
import { type Outcome, row, type ThemeOutcome } from "./outcome.ts";
import type { Theme } from "./scenarios/index.ts";

/** After so many conversations without one answer nothing more is asked. */
const FAILURES_MAX = 3;

/**
 * Holds the conversations one after the other and prints a row of each as it ends.
 * @throws if the model answers none of the first
 */
export async function holdAll(
  h: Harness,
  themes: readonly Theme[],
  say: (line: string) => void,
): Promise<ThemeOutcome[]> {
  const held: Outcome[] = [];
  const all: ThemeOutcome[] = [];
  for (const { name: theme, scenarios } of themes) {
    say(`\n${theme}`);
    const outcomes: Outcome[] = [];
    for (const scenario of scenarios) {
      const outcome = await hold(h, scenario);
      outcomes.push(outcome);
      held.push(outcome);
      say(row(outcome));
      const answered = held.some(({ verdict }) => verdict !== "failed");
      if (!answered && held.length === FAILURES_MAX) throw new Error(`the model does not answer: ${outcome.why}`);
    }
    all.push({ theme, outcomes });
  }
  return all;
}

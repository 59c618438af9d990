import { add, type Counts, noCounts, summary } from "../test/report.ts";
import type { Deps as LevelDeps } from "../test/run-levels.ts";
import { runVitest } from "../test/run-levels.ts";
import { CAMPAIGN_MINUTES, type Part } from "./parts.ts";

export interface Deps extends LevelDeps {
  /** The first seed. Each round has another one. */
  readonly seed: number;
  /** Time for all parts together, in minutes; undefined for every round of each part. */
  readonly minutes: number | undefined;
  readonly now: () => number;
  /** Whether a signal has ended the campaign. */
  readonly interrupted: () => boolean;
}

/** Between the first seeds of two rounds: a test may use the seeds that follow its own. */
const SEED_STEP = 1_000;
const MINUTE_MS = 60_000;

/** Runs the parts one after the other. A part ends with its time, its rounds, or the first round that fails. */
export async function runParts(parts: readonly Part[], deps: Deps): Promise<Counts> {
  const total = noCounts();
  for (const part of parts) {
    if (deps.interrupted()) break;
    deps.say(`\n== ${part.name}: ${part.what}`);
    const missing = part.needs === undefined ? undefined : await deps.missingFor(part.needs);
    if (missing === undefined) {
      add(total, await runRounds(part, deps));
      continue;
    }
    deps.say(`-- ${part.name} ${deps.inCi ? "can't run" : "skipped"}: ${missing}`);
    total[deps.inCi ? "failed" : "skipped"].push(`${part.name}: ${missing}`);
  }
  return total;
}

async function runRounds(part: Part, deps: Deps): Promise<Counts> {
  const { say, now, seed: first, minutes } = deps;
  const sum = noCounts();
  const until =
    minutes === undefined ? Number.POSITIVE_INFINITY : now() + (part.minutes / CAMPAIGN_MINUTES) * minutes * MINUTE_MS;
  let longestMs = 0;
  for (let round = 0; round < part.rounds; round++) {
    const started = now();
    // At least one round; another one only if it ends in time.
    if (round > 0 && started + longestMs > until) break;
    const seed = first + round * SEED_STEP;
    say(`-- ${part.name}, round ${round + 1}: SEED=${seed}`);
    const counts = await runRound(part, { ...part.env, SEED: String(seed) }, deps);
    add(sum, counts);
    longestMs = Math.max(longestMs, now() - started);
    // Its seed has nothing to do with a round that a signal ended.
    if (deps.interrupted()) break;
    if (counts.failed.length > 0) {
      say(`-- ${part.name} failed; repeat it with: ONLY=${part.name} SEED=${seed} MINUTES=0 make campaign`);
      break;
    }
  }
  say(`-- ${part.name}: ${summary(sum)}`);
  return sum;
}

async function runRound(part: Part, env: Record<string, string>, deps: Deps): Promise<Counts> {
  if ("config" in part) return runVitest(part.name, { ...part, env }, deps);
  const code = await deps.commands.exec(part.argv, env);
  return { ...noCounts(), ...(code === 0 ? { passed: 1 } : { failed: [`${part.name} ended with exit code ${code}`] }) };
}

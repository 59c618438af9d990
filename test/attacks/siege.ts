import { expect } from "vitest";
import type { Order } from "./orders.ts";
import { type Attacker, startAttacker } from "./processes.ts";
import { stopTarget, type Target } from "./targets.ts";
import { compared, type Experience, experience } from "./victim.ts";

const FULL = process.env.FULL === "1";
export const SERVICE_CORE = 0;
const ATTACKER_CORE = 1;
const MS = FULL ? 30_000 : 3_000;
export const SCALE = FULL ? 5 : 1;

/** A campaign makes this many rounds to try everything, and adds 1,000 to the seed with each. */
const ROUNDS = 3;
const ROUND = process.env.SEED === undefined ? undefined : Math.floor(Number(process.env.SEED) / 1_000) % ROUNDS;

/** All of a list, the share of a campaign's round, or its first entry in a short run. */
export function sampled<T>(list: readonly T[]): T[] {
  if (!FULL) return list.slice(0, 1);
  return list.filter((_, index) => ROUND === undefined || index % ROUNDS === ROUND);
}

export interface Siege {
  readonly requests: Extract<Order, { do: "besiege" }>["requests"];
  readonly perSecond: number;
  readonly read: boolean;
}

/** The victim's time under a siege, and the most memory of the service, in MiB. */
async function endure(attacker: Attacker, target: Target, siege: Siege, visit: () => Promise<void>) {
  await experience(visit, 500);
  const before = Math.round(target.memory.peak() / 1024 / 1024);
  const besieged = attacker.tell({ do: "besiege", port: target.port, ms: MS, ...siege });
  const felt = await experience(visit, MS);
  const { statuses } = await besieged;
  const { process: child, memory, limit } = target;
  const state = { kills: memory.kills(), exitCode: child.exitCode, signal: child.signalCode };
  const peak = Math.round(memory.peak() / 1024 / 1024);
  return { felt, state, statuses, memory: `${before} -> ${peak} of ${limit / 1024 / 1024} MiB` };
}

const ALIVE = { kills: 0, exitCode: null, signal: null };

function report(what: string, attacked: Awaited<ReturnType<typeof endure>>, honest: Experience): void {
  const answers = JSON.stringify(attacked.statuses);
  process.stdout.write(`${what}: memory ${attacked.memory}; ${compared(attacked.felt, honest)}; answers ${answers}\n`);
}

/**
 * Runs the honest work and then the attack, each against a service that has just started. A side's requests are made when it
 * begins, because tokens live for a minute.
 */
export async function siege(
  what: string,
  sides: { start: (model: number) => Promise<Target>; honest: () => Siege; hostile: () => Siege },
  answers: Extract<Order, { do: "play a model" }>["answers"],
  visit: (target: Target) => Promise<void>,
): Promise<void> {
  const outcomes = [];
  for (const side of ["honest", "hostile"] as const) {
    const attacker = startAttacker(ATTACKER_CORE);
    let target: Target | undefined;
    try {
      const { port = 0 } = await attacker.tell({ do: "play a model", answers: side === "honest" ? "honest" : answers });
      const started = await sides.start(port);
      target = started;
      outcomes.push(await endure(attacker, started, sides[side](), () => visit(started)));
    } finally {
      attacker.end();
      if (target !== undefined) await stopTarget(target);
    }
  }
  const [honest, hostile] = outcomes;
  if (honest === undefined || hostile === undefined) throw new Error("nothing was measured");
  report(what, hostile, honest.felt);
  expect(hostile.state).toEqual(ALIVE);
  expect(hostile.felt.requests).toBeGreaterThan(2);
  expect(hostile.felt.failed).toBeLessThanOrEqual(hostile.felt.requests * 0.05);
}

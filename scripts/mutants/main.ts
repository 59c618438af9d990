import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { join, resolve } from "node:path";
import { startPostgres } from "@taskassistant/db/testing";
import { announceUse } from "../clean/users.ts";
import { type Commands, createCommands } from "../test/commands.ts";
import { type Mutant, readMutants, sampleOf, withDiff } from "./mutant.ts";
import { runTests } from "./run-tests.ts";
import { createScratch } from "./scratch.ts";
import { failuresOf, type Verdict, verdictOf } from "./verdict.ts";

/**
 * `make mutants` makes one fault after the other in a copy of this checkout and shows which test notices it. Fails if none does.
 * `ONLY=name,name` takes those whose names contain one of these, `FULL=1` also those of the cluster level, `SEED=n` a sample,
 * and `SAVE=name` writes the change of this checkout's files into the patch.
 */
const checkout = resolve(import.meta.dirname, "../..");
const { ONLY = "", SAVE = "", SEED = "" } = process.env;
const isFull = process.env.FULL === "1";
const LIMIT_MS = { unit: 5 * 60_000, backup: 10 * 60_000, cluster: 10 * 60_000 } as const;
/** How many times the limit the first run gets: it runs all the tests, without a fault. */
const BASELINE_FACTOR = 4;
/** How many a sample has. */
const SAMPLE = 12;

const all = readMutants(checkout);
if (SAVE !== "") save(SAVE);
else await tryAll(chosen());

function chosen(): Mutant[] {
  const parts = ONLY.split(",").filter((part) => part !== "");
  const named = all.filter(({ name }) => parts.length === 0 || parts.some((part) => name.includes(part)));
  const levelled = named.filter(({ level }) => level === "unit" || isFull);
  return SEED === "" ? levelled : sampleOf(levelled, SEED, SAMPLE);
}

function save(name: string): void {
  const mutant = all.find((each) => each.name === name);
  if (mutant === undefined) fail(`mutants: there is no test/mutants/${name}.patch`);
  const diff = execFileSync("git", ["diff", "-U1", "--no-color", "--no-ext-diff", "--", ...mutant.files], {
    cwd: checkout,
    encoding: "utf8",
  });
  if (diff === "") fail(`mutants: make the fault in ${mutant.files.join(", ")} first`);
  const path = join(checkout, mutant.patch);
  writeFileSync(path, withDiff(readFileSync(path, "utf8"), diff));
  console.log(`Saved the fault in ${mutant.files.join(", ")} to ${mutant.patch}. Now undo it in this checkout.`);
}

async function tryAll(mutants: readonly Mutant[]): Promise<void> {
  if (mutants.length === 0) fail(`mutants: no name contains ${ONLY}; FULL=1 takes those of the cluster level too`);
  announceUse("make mutants", checkout);
  const left = all.length - mutants.length;
  console.log(
    `${mutants.length} mutants (${isFull ? "all levels" : "unit level"}${left > 0 ? `, ${left} left out` : ""})`,
  );
  // One server for all runs, as for all files of one run: each test file has a database and roles of its own.
  const postgres = await startPostgres();
  process.env.TEST_DATABASE_ADMIN_URL = postgres.adminUrl;
  const scratch = createScratch(checkout);
  let running: Commands | undefined;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, async () => {
      await running?.interrupt();
      scratch.remove();
      await postgres.stop();
      process.exit(128 + constants.signals[signal]);
    });
  }
  const run = (what: Pick<Mutant, "level" | "tests" | "testName">, firstOnly: boolean, factor = 1) => {
    running = createCommands(scratch.root, { output: "ignore" });
    return runTests(scratch.root, running, { ...what, firstOnly, limitMs: LIMIT_MS[what.level] * factor });
  };

  const verdicts = new Map<Mutant, Verdict>();
  try {
    for (const level of ["unit", "backup", "cluster"] as const) {
      const own = mutants.filter((mutant) => mutant.level === level);
      if (own.length === 0) continue;
      const tests = [...new Set(own.flatMap((mutant) => mutant.tests))];
      const failures = failuresOf(
        await run({ level, tests, testName: undefined }, false, BASELINE_FACTOR),
        scratch.root,
      );
      if (failures.length > 0) {
        for (const failure of failures) console.error(`fails without a mutant: ${failure}`);
        console.error("mutants: these tests have to pass before they can catch anything");
        process.exitCode = 2;
        return;
      }
      for (const mutant of own) {
        const report = scratch.broken(join(checkout, mutant.patch), mutant.files, async () =>
          verdictOf(await run(mutant, true), scratch.root),
        );
        const verdict = (await report) ?? { kind: "BROKEN", why: staleHint(mutant) };
        verdicts.set(mutant, verdict);
        console.log(lineOf(mutant, verdict));
      }
    }
  } finally {
    scratch.remove();
    await postgres.stop();
  }
  finish(verdicts);
}

function staleHint({ name, files }: Mutant): string {
  return `it no longer applies: make the same fault in ${files.join(", ")} , run make mutants SAVE=${name}, then undo it in this checkout`;
}

function lineOf({ name, breaks }: Mutant, verdict: Verdict): string {
  return `${verdict.kind.padEnd(8)} ${name}: ${breaks}\n         ${outcomeOf(verdict)}`;
}

function outcomeOf(verdict: Verdict): string {
  if (verdict.kind === "caught") return `${verdict.by}: ${verdict.test}`;
  return verdict.kind === "SURVIVED" ? "no test notices it" : verdict.why;
}

/** Prints the counts, and stores the table. */
function finish(verdicts: ReadonlyMap<Mutant, Verdict>): void {
  const cell = (text: string) => text.replaceAll("|", "\\|");
  const rows = [...verdicts].map(
    ([mutant, verdict]) => `| ${mutant.name} | ${cell(mutant.breaks)} | ${verdict.kind}: ${cell(outcomeOf(verdict))} |`,
  );
  const table = join(checkout, ".cache/mutants/table.md");
  writeFileSync(table, ["| mutant | what it breaks | outcome |", "|---|---|---|", ...rows, ""].join("\n"));
  const bad = [...verdicts.values()].filter(({ kind }) => kind !== "caught").length;
  console.log(`\n${verdicts.size - bad} caught, ${bad} not; the table is in .cache/mutants/table.md`);
  if (bad > 0) process.exitCode = 1;
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}

import { randomInt } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { announceUse } from "../clean/users.ts";
import { createCommands } from "../test/commands.ts";
import { watchInterrupts } from "../test/interrupted.ts";
import { missingFor } from "../test/machine.ts";
import { finish } from "../test/report.ts";
import { CAMPAIGN_MINUTES, partsOf } from "./parts.ts";
import { runParts } from "./run-parts.ts";

/**
 * `make campaign` runs for an hour what `make test` samples, with other seeds each time, and prints them. `FULL=1` runs all
 * of it, `MINUTES=n` takes another time, `ONLY=name,name` takes some parts, and `SEED=n` repeats the inputs of a run.
 */
const root = resolve(import.meta.dirname, "../..");
const { ONLY = "", SEED = "", MINUTES = "", FULL = "" } = process.env;
const all = partsOf(root);
const only = ONLY.split(",").filter((name) => name !== "");
const unknown = only.filter((name) => !all.some((part) => part.name === name));
if (unknown.length > 0)
  fail(`unknown part ${unknown.join(", ")}; choose from ${all.map(({ name }) => name).join(", ")}`);
for (const [name, value] of Object.entries({ SEED, MINUTES }))
  if (!/^\d{0,9}$/.test(value)) fail(`${name} is ${value}; it has to be a whole number`);

announceUse("make campaign", root);
const reports = join(root, ".cache/campaign");
await mkdir(reports, { recursive: true });
const commands = createCommands(root);
const interruptedBy = watchInterrupts("campaign", commands);
const say = (line: string) => console.log(line);
const minutes = MINUTES === "" ? CAMPAIGN_MINUTES : Number(MINUTES);
const total = await runParts(
  all.filter(({ name }) => only.length === 0 || only.includes(name)),
  {
    commands,
    reports,
    inCi: process.env.CI === "true",
    missingFor: (need) => missingFor(need, say),
    say,
    seed: SEED === "" ? randomInt(1, 1_000_000) : Number(SEED),
    minutes: FULL === "1" ? undefined : minutes,
    now: Date.now,
    interrupted: () => interruptedBy() !== undefined,
  },
);
finish(total, interruptedBy());

function fail(why: string): never {
  console.error(`campaign: ${why}`);
  process.exit(2);
}

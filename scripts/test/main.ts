import { writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { announceUse } from "../clean/users.ts";
import { createCommands } from "./commands.ts";
import { watchInterrupts } from "./interrupted.ts";
import { LEVELS } from "./levels.ts";
import { missingFor } from "./machine.ts";
import { finish } from "./report.ts";
import { runLevels } from "./run-levels.ts";

/**
 * `node scripts/test/main.ts [level ...]` runs the named levels, or all of them. It prints `N passed, N failed` last and
 * stores that line in `.cache/test/summary`. An interrupted run counts as failed.
 */
const root = resolve(import.meta.dirname, "../..");
const folder = join(root, ".cache/test");
const asked = process.argv.slice(2);
const names: string[] = LEVELS.map(({ name }) => name);
const unknown = asked.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`test: unknown level ${unknown.join(", ")}; choose from ${names.join(", ")}`);
  process.exit(2);
}

await mkdir(folder, { recursive: true });
announceUse("make test", root);

const commands = createCommands(root);
const interruptedBy = watchInterrupts("test", commands);

const say = (line: string) => console.log(line);
const total = await runLevels(
  LEVELS.filter(({ name }) => asked.length === 0 || asked.includes(name)),
  {
    commands,
    reports: folder,
    inCi: process.env.CI === "true",
    missingFor: (need) => missingFor(need, say),
    say,
  },
);
writeFileSync(join(folder, "summary"), `${finish(total, interruptedBy())}\n`);

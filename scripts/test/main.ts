import { writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { constants } from "node:os";
import { join, resolve } from "node:path";
import { announceUse } from "../clean/users.ts";
import { createCommands } from "./commands.ts";
import { missingForGateway } from "./gateway/install.ts";
import { LEVELS } from "./levels.ts";
import { missingForNode } from "./machine.ts";
import { summary } from "./report.ts";
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
let interruptedBy: "SIGINT" | "SIGTERM" | "SIGHUP" | undefined;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    if (interruptedBy === undefined) console.error(`\ntest: ${signal}, cleaning up`);
    interruptedBy ??= signal;
    void commands.interrupt();
  });
}

const say = (line: string) => console.log(line);
const total = await runLevels(
  LEVELS.filter(({ name }) => asked.length === 0 || asked.includes(name)),
  {
    commands,
    reports: folder,
    inCi: process.env.CI === "true",
    missingFor: async (need) => (need === "node" ? missingForNode() : missingForGateway(say)),
    say,
  },
);
if (interruptedBy !== undefined && total.failed === 0) total.failed = 1;
writeFileSync(join(folder, "summary"), `${summary(total)}\n`);
console.log(`\n${summary(total)}`);
if (interruptedBy !== undefined) process.exitCode = 128 + constants.signals[interruptedBy];
else process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;

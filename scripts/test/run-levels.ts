import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Commands } from "./commands.ts";
import type { Command, Level, Need } from "./levels.ts";
import { add, type Counts, countsOf, noCounts } from "./report.ts";

export interface Deps {
  commands: Commands;
  /** Folder for vitest's reports. */
  reports: string;
  /** True if a level that can't run counts as failed. */
  inCi: boolean;
  /** Why the levels that need this can't run here. Undefined if they can. */
  missingFor: (need: Need) => Promise<string | undefined>;
  say: (line: string) => void;
}

/** Runs the levels in order and counts the tests. Skips a level that can't run here, or counts it as failed in CI. */
export async function runLevels(levels: readonly Level[], deps: Deps): Promise<Counts> {
  const total = noCounts();
  await mkdir(deps.reports, { recursive: true });
  for (const level of levels) {
    const started = Date.now();
    deps.say(`\n== ${level.name}: ${level.what}`);
    const missing = level.needs === undefined ? undefined : await deps.missingFor(level.needs);
    if (missing !== undefined) {
      deps.say(`-- ${level.name} ${deps.inCi ? "can't run" : "skipped"}: ${missing}`);
      total[deps.inCi ? "failed" : "skipped"].push(`${level.name}: ${missing}`);
      continue;
    }
    for (const command of level.commands) {
      add(total, await runCommand(level, command, deps));
    }
    deps.say(`-- ${level.name}: ${Math.round((Date.now() - started) / 1000)} s`);
  }
  return total;
}

async function runCommand(level: Level, command: Command, { commands, reports, say }: Deps): Promise<Counts> {
  if (command.kind === "check") {
    const ok = (await commands.exec(command.argv)) === 0;
    say(`${ok ? "ok  " : "FAIL"} ${command.title}`);
    return { ...noCounts(), ...(ok ? { passed: 1 } : { failed: [command.title] }) };
  }
  return runVitest(level.name, { config: command.config }, { commands, reports });
}

/** One run of vitest. */
export interface VitestRun {
  readonly config: string;
  /** Only these files. */
  readonly files?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs vitest and counts its tests. Its report is named after the run. */
export async function runVitest(
  name: string,
  { config, files = [], env = {} }: VitestRun,
  { commands, reports }: Pick<Deps, "commands" | "reports">,
): Promise<Counts> {
  const report = join(reports, `${name}.json`);
  await rm(report, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const code = await commands.exec(["vitest", "run", "--config", config, ...reporters, ...files], env);
  return countsOf(await readFile(report, "utf8").catch(() => undefined), code);
}

import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Commands } from "../test/commands.ts";
import type { Mutant } from "./mutant.ts";
import type { Report } from "./verdict.ts";

/** What runs at once, and how long it may take, in milliseconds. */
export interface TestRun extends Pick<Mutant, "level" | "tests" | "testName"> {
  readonly limitMs: number;
  /** Ends the run at the first test that fails. */
  readonly firstOnly: boolean;
}

const CONFIGS = {
  unit: "vitest.config.ts",
  backup: "test/vitest.backup.config.ts",
  cluster: "test/vitest.cluster.config.ts",
} as const;

/** Runs tests in a checkout. Undefined when they did not end in time or left no report. */
export async function runTests(root: string, commands: Commands, run: TestRun): Promise<Report | undefined> {
  const report = join(root, ".cache/report.json");
  rmSync(report, { force: true });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    void commands.interrupt();
  }, run.limitMs);
  await commands.exec([
    ...["vitest", "run", "--config", CONFIGS[run.level], "--reporter=json", `--outputFile=${report}`],
    ...(run.firstOnly ? ["--bail=1"] : []),
    ...(run.testName === undefined ? [] : ["--testNamePattern", run.testName]),
    ...run.tests,
  ]);
  clearTimeout(timer);
  if (late) return undefined;
  try {
    return JSON.parse(readFileSync(report, "utf8")) as Report;
  } catch {
    return undefined;
  }
}

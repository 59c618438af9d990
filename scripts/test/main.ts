import { spawn } from "node:child_process";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Command, LEVELS, type Level } from "./levels.ts";
import { missingForNode } from "./machine.ts";

/**
 * `node scripts/test/main.ts [level ...]`: runs the levels in order and ends with `N passed, N failed`. A level this
 * machine can't run is reported as skipped with the reason; in CI (`CI=true`) that fails the run.
 */
const root = resolve(import.meta.dirname, "../..");
const reports = join(root, ".cache/test");
const asked = process.argv.slice(2);
const inCi = process.env.CI === "true";
const total = { passed: 0, failed: 0, skipped: 0 };

await mkdir(reports, { recursive: true });
for (const level of LEVELS.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
  const started = Date.now();
  console.log(`\n== ${level.name}: ${level.what}`);
  const missing = level.needsNode ? missingForNode() : undefined;
  if (missing && !inCi) {
    console.log(`-- ${level.name} skipped: ${missing}`);
    total.skipped += 1;
    continue;
  }
  if (missing) {
    console.log(`-- ${level.name} can't run: ${missing}`);
    total.failed += 1;
    continue;
  }
  for (const command of level.commands) await runCommand(level, command);
  console.log(`-- ${level.name}: ${Math.round((Date.now() - started) / 1000)} s`);
}

const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;

async function runCommand(level: Level, command: Command): Promise<void> {
  if (command.kind === "check") {
    const ok = (await exec(command.argv)) === 0;
    console.log(`${ok ? "ok  " : "FAIL"} ${command.title}`);
    total[ok ? "passed" : "failed"] += 1;
    return;
  }
  const report = join(reports, `${level.name}.json`);
  await rm(report, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const code = await exec(["vitest", "run", "--config", command.config, ...reporters]);
  const counts = await readReport(report);
  total.passed += counts.passed;
  total.skipped += counts.skipped;
  // A run that broke without a failing test (a setup, an import) is a failure all the same.
  total.failed += counts.failed === 0 && (code !== 0 || counts.passed === 0) ? 1 : counts.failed;
}

async function readReport(file: string): Promise<{ passed: number; failed: number; skipped: number }> {
  const text = await readFile(file, "utf8").catch(() => "{}");
  const report = JSON.parse(text) as { numPassedTests?: number; numFailedTests?: number; numPendingTests?: number };
  return {
    passed: report.numPassedTests ?? 0,
    failed: report.numFailedTests ?? 0,
    skipped: report.numPendingTests ?? 0,
  };
}

function exec([program = "", ...args]: string[]): Promise<number> {
  return new Promise((done) => {
    const child = spawn(program, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
    child.once("error", (error) => {
      console.error(`${program}: ${error.message}`);
      done(1);
    });
    child.once("close", (code) => done(code ?? 1));
  });
}

import { constants } from "node:os";
import { relative } from "node:path";
import type { Interrupt } from "./interrupted.ts";

/** What a run came to. Each failed and each skipped test is told again at the end: what it printed may be far above. */
export interface Counts {
  passed: number;
  /** What failed and why, a few lines each. */
  failed: string[];
  /** What did not run, and why where that is known. */
  skipped: string[];
}

/** The lines of an error that are told again at the end. The first ones say what was expected. */
const LINES_TOLD = 8;

/** The part of vitest's JSON report that is used here. */
interface Report {
  numPassedTests?: number;
  testResults?: FileResult[];
}

interface FileResult {
  name: string;
  status: string;
  message?: string;
  assertionResults: { status: string; fullName: string; failureMessages?: string[] }[];
}

/**
 * Counts the tests of a vitest run. A file that could not be loaded, a failed hook and a crash report no failed test, so
 * each counts as one failure. A run in which no test passed counts as one failure too.
 * @param text the JSON report, which may be truncated; undefined if there is none
 * @param code the exit code of vitest
 */
export function countsOf(text: string | undefined, code: number): Counts {
  const { numPassedTests: passed = 0, testResults = [] } = parse(text);
  const failed = testResults.flatMap(failuresOf);
  if (failed.length === 0 && (code !== 0 || passed === 0))
    failed.push(`vitest ended with exit code ${code}, and ${passed} tests passed`);
  return { passed, failed, skipped: testResults.flatMap(skippedOf) };
}

function failuresOf({ name, status, message, assertionResults }: FileResult): string[] {
  const failed = assertionResults.filter((each) => each.status === "failed");
  if (failed.length === 0) return status === "failed" ? [told(file(name), message)] : [];
  return failed.map(({ fullName, failureMessages = [] }) => told(`${file(name)}: ${fullName}`, failureMessages[0]));
}

function skippedOf({ name, assertionResults }: FileResult): string[] {
  const skipped = assertionResults.filter(({ status }) => !["passed", "failed"].includes(status));
  return skipped.map(({ fullName }) => `${file(name)}: ${fullName}`);
}

const file = (path: string) => relative(process.cwd(), path);

function told(title: string, message = ""): string {
  const lines = message.split("\n").slice(0, LINES_TOLD);
  return [title, ...lines.map((line) => `    ${line}`)].join("\n").trimEnd();
}

function parse(text: string | undefined): Report {
  try {
    return JSON.parse(text ?? "{}") as Report;
  } catch {
    return {};
  }
}

/** The counts of a run that has not begun. */
export const noCounts = (): Counts => ({ passed: 0, failed: [], skipped: [] });

/** Adds the counts of one command to those of the run. */
export function add(total: Counts, { passed, failed, skipped }: Counts): void {
  total.passed += passed;
  total.failed.push(...failed);
  total.skipped.push(...skipped);
}

/** What failed and what was skipped, one after the other. */
export function details({ failed, skipped }: Counts): string[] {
  return [...skipped.map((each) => `SKIPPED ${each}`), ...failed.map((each) => `FAILED ${each}`)];
}

/** The last line of a run. */
export function summary({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed.length} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ""}`;
}

/** Prints what failed and the counts last, and sets the exit code. An interrupted run counts as failed. */
export function finish(total: Counts, interruptedBy: Interrupt | undefined): string {
  if (interruptedBy !== undefined) total.failed.push(`the run was interrupted by ${interruptedBy}`);
  console.log(["", ...details(total), "", summary(total)].join("\n"));
  if (interruptedBy !== undefined) process.exitCode = 128 + constants.signals[interruptedBy];
  else process.exitCode = total.failed.length > 0 || total.passed === 0 ? 1 : 0;
  return summary(total);
}

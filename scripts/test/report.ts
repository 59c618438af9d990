export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** The part of vitest's JSON report that is used here. */
interface Report {
  numPassedTests?: number;
  numFailedTests?: number;
  numPendingTests?: number;
  numTodoTests?: number;
  testResults?: { status: string; assertionResults: { status: string }[] }[];
}

/**
 * Counts the tests of a vitest run. A file that could not be loaded, a failed hook and a crash report no failed test, so
 * each counts as one failure. A run in which no test passed counts as one failure too.
 * @param text the JSON report, which may be truncated; undefined if there is none
 * @param code the exit code of vitest
 */
export function countsOf(text: string | undefined, code: number): Counts {
  const report = parse(text);
  const passed = report.numPassedTests ?? 0;
  const brokenFiles = (report.testResults ?? []).filter(
    ({ status, assertionResults }) => status === "failed" && !assertionResults.some((each) => each.status === "failed"),
  ).length;
  const failed = (report.numFailedTests ?? 0) + brokenFiles;
  const broke = failed === 0 && (code !== 0 || passed === 0);
  return { passed, failed: broke ? 1 : failed, skipped: (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0) };
}

function parse(text: string | undefined): Report {
  try {
    return JSON.parse(text ?? "{}") as Report;
  } catch {
    return {};
  }
}

/** Adds the counts of one command to those of the run. */
export function add(total: Counts, { passed, failed, skipped }: Counts): void {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}

/** The last line of a run. */
export function summary({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

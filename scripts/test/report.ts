export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** The part of vitest's JSON report that counts. */
interface Report {
  numPassedTests?: number;
  numFailedTests?: number;
  numPendingTests?: number;
  numTodoTests?: number;
  testResults?: { status: string; assertionResults: { status: string }[] }[];
}

/**
 * What a run of vitest comes to. A file that couldn't be loaded, a set-up that failed and a run that crashed have no
 * failed test: each counts as one all the same, and so does a run in which no test passed.
 * @param text the JSON report, undefined when there is none; may be cut short
 * @param code what vitest ended with
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

/** The last line of a run. */
export function summary({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

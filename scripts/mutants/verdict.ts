/** The part of vitest's JSON report that is used here. */
export interface Report {
  readonly testResults: readonly {
    /** Full path of the test file. */
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** What became of a mutant. Only `caught` is good. */
export type Verdict =
  | { readonly kind: "caught"; readonly by: string; readonly test: string }
  | { readonly kind: "SURVIVED" }
  | { readonly kind: "BROKEN"; readonly why: string };

/**
 * Judges the run of a mutant's tests. A failed test has caught it. A file that can't be loaded proves nothing: whoever made
 * that fault would notice it without any test.
 * @param report undefined when the run did not end by itself
 */
export function verdictOf(report: Report | undefined, root: string): Verdict {
  if (report === undefined) return { kind: "BROKEN", why: "its tests did not end" };
  for (const { name, assertionResults } of report.testResults) {
    const failed = assertionResults.find(({ status }) => status === "failed");
    if (failed !== undefined) return { kind: "caught", by: below(root, name), test: failed.fullName };
  }
  const unloaded = report.testResults.find(({ status }) => status === "failed");
  if (unloaded !== undefined) {
    return { kind: "BROKEN", why: `${below(root, unloaded.name)} can't be loaded with it` };
  }
  const passed = report.testResults.some(({ assertionResults }) =>
    assertionResults.some(({ status }) => status === "passed"),
  );
  return passed ? { kind: "SURVIVED" } : { kind: "BROKEN", why: "none of its tests ran" };
}

/** The tests that fail without any mutant, as `file: name`. */
export function failuresOf(report: Report | undefined, root: string): string[] {
  if (report === undefined) return ["the tests did not end"];
  return report.testResults
    .filter(({ status }) => status === "failed")
    .flatMap(({ name, assertionResults }) => {
      const failed = assertionResults.filter(({ status }) => status === "failed");
      const names = failed.length === 0 ? ["the file can't be loaded"] : failed.map(({ fullName }) => fullName);
      return names.map((test) => `${below(root, name)}: ${test}`);
    });
}

function below(root: string, path: string): string {
  return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path;
}

import type { Expectation } from "./scenarios.ts";
import type { ScenarioResult } from "./suite.ts";

/** How the results of the suite differ from what is expected, a sentence each; empty when the list is true. */
export function differences(results: ReadonlyMap<string, ScenarioResult>, expected: Expectation): string[] {
  const { passes, doesNotApply } = expected;
  return [...[...results].flatMap(([name, result]) => ofScenario(name, result)), ...[...listed()].flatMap(ofEntry)];

  function ofScenario(name: string, { passed, failed }: ScenarioResult): string[] {
    const isListed = passes.includes(name);
    if (doesNotApply[name] !== undefined) {
      if (isListed) return [`${name} is listed twice`];
      return failed.length === 0 && passed.length > 0 ? [`${name} passes: move it`] : [];
    }
    if (!isListed) return [`${name} is not listed`];
    if (passed.length === 0) return [`${name} checks nothing`];
    const unexpected = failed.filter(({ id }) => doesNotApply[`${name}:${id}`] === undefined);
    return unexpected.map(({ id, why }) => `${name}:${id} fails: ${why}`);
  }

  function ofEntry(entry: string): string[] {
    const [name = "", check] = entry.split(":");
    const result = results.get(name);
    if (result === undefined) return [`${entry} is listed, but the suite did not run it`];
    const stale = check !== undefined && !result.failed.some(({ id }) => id === check);
    return stale ? [`${entry} does not fail: remove it`] : [];
  }

  function listed(): Set<string> {
    return new Set([...passes, ...Object.keys(doesNotApply)]);
  }
}

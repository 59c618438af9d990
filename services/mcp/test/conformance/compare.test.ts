import { expect, test } from "vitest";
import { differences } from "./compare.ts";
import type { ScenarioResult } from "./suite.ts";

const passed: ScenarioResult = { passed: ["a"], failed: [] };
const failed: ScenarioResult = { passed: ["a"], failed: [{ id: "b", why: "no" }] };
const skipped: ScenarioResult = { passed: [], failed: [] };

test.each<[string, Record<string, ScenarioResult>, string[], Record<string, string>, string[]]>([
  ["all as listed", { x: passed, y: failed, z: failed }, ["x", "z"], { y: "r", "z:b": "r" }, []],
  ["a skipped scenario that does not apply", { y: skipped }, [], { y: "r" }, []],
  ["a new scenario", { x: passed }, [], {}, ["x is not listed"]],
  ["a scenario that fails", { x: failed }, ["x"], {}, ["x:b fails: no"]],
  ["a scenario that is skipped", { x: skipped }, ["x"], {}, ["x checks nothing"]],
  ["a scenario that starts to pass", { y: passed }, [], { y: "r" }, ["y passes: move it"]],
  ["a check that starts to pass", { x: passed }, ["x"], { "x:b": "r" }, ["x:b does not fail: remove it"]],
  ["a scenario that was not run", {}, ["x"], {}, ["x is listed, but the suite did not run it"]],
  ["a scenario in both lists", { x: failed }, ["x"], { x: "r" }, ["x is listed twice"]],
])("the list of scenarios is compared with %s", (_, results, passes, doesNotApply, expected) => {
  expect(differences(new Map(Object.entries(results)), { passes, doesNotApply })).toEqual(expected);
});

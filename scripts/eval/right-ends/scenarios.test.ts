import { newTaskSchema } from "@taskassistant/contracts";
import { describe, expect, it, test } from "vitest";
import { calendarOf } from "../judge/calendar.ts";
import { type EndState, judged } from "../judge/end-state.ts";
import { DEFAULT_ZONE, type Scenario, THEMES } from "../scenarios/index.ts";
import { BULK } from "./bulk.ts";
import { DATES } from "./dates.ts";
import { GERMAN } from "./german.ts";
import { HOSTILE } from "./hostile.ts";
import { NAMES } from "./names.ts";
import { PAGES } from "./pages.ts";
import { QUESTIONS } from "./questions.ts";
import { NOW, type RightEnd, type RightEnds } from "./right-end.ts";
import { TIMES } from "./times.ts";
import { TRASH } from "./trash.ts";
import { wrongEnds } from "./wrong-ends.ts";

const RIGHT_ENDS: readonly RightEnds[] = [DATES, TIMES, NAMES, BULK, HOSTILE, PAGES, TRASH, QUESTIONS, GERMAN];

const scenarios = THEMES.flatMap(({ name: theme, scenarios }, at) =>
  scenarios.map((scenario) => ({
    name: `${theme}: ${scenario.name}`,
    scenario,
    rights: RIGHT_ENDS[at]?.[scenario.name] ?? [],
  })),
);

function playAt(now: Date, { zone = DEFAULT_ZONE, play }: Scenario) {
  return play(calendarOf(now, zone));
}

function endOf(scenario: Scenario, { now = {}, added = [] }: RightEnd): EndState {
  const written = Object.entries(playAt(NOW, scenario).before ?? {});
  const before = Object.fromEntries(written.map(([name, task]) => [name, judged(task)]));
  const unknown = Object.keys(now).filter((name) => before[name] === undefined);
  if (unknown.length > 0) throw new Error(`the scenario has no task ${unknown.join(", ")}`);
  const after = Object.entries(before).map(([name, task]) => [name, { ...task, ...now[name] }]);
  return {
    zone: scenario.zone ?? DEFAULT_ZONE,
    before,
    now: Object.fromEntries(after),
    added: added.map(judged),
  };
}

test("there are 60 conversations, and no two of a theme have the same name", () => {
  expect(scenarios).toHaveLength(60);
  expect(new Set(scenarios.map(({ name }) => name)).size).toBe(60);
});

test("every right end belongs to a conversation", () => {
  const names = THEMES.map(({ scenarios }) => scenarios.map(({ name }) => name).sort());
  expect(RIGHT_ENDS.map((ends) => Object.keys(ends).sort())).toEqual(names);
});

describe.each(scenarios)("$name", ({ scenario, rights }) => {
  const { ends } = playAt(NOW, scenario);

  it("can be done right", () => {
    expect(rights.map((right) => ends(endOf(scenario, right)))).toEqual(rights.map(() => undefined));
    expect(rights.length).toBeGreaterThan(0);
  });

  it("is not done right with any one fault, or by doing nothing unless nothing was to be done", () => {
    for (const right of rights) {
      const wrong = wrongEnds(endOf(scenario, right));
      expect(wrong.length).toBeGreaterThanOrEqual(3);
      expect(wrong.filter(({ end }) => ends(end) === undefined).map(({ how }) => how)).toEqual([]);
    }
    const mayDoNothing = rights.some(({ now, added }) => now === undefined && added === undefined);
    expect(ends(endOf(scenario, {})) === undefined).toBe(mayDoNothing);
  });
});

it.each([
  ["a Monday and the first of a month", "2027-02-01T12:00:00Z"],
  ["a Sunday and the last of a month", "2027-02-28T23:30:00Z"],
  ["a leap day", "2028-02-29T05:00:00Z"],
  ["the last day of a year", "2027-12-31T23:59:59Z"],
  ["a day with a change of the clock", "2027-03-28T00:30:00Z"],
])("every conversation can be held on %s", (_what, instant) => {
  for (const { scenario } of scenarios) {
    const { before = {}, says } = playAt(new Date(instant), scenario);
    expect(says.every((message) => message.trim() !== "")).toBe(true);
    for (const { done: _, trashed: __, ...task } of Object.values(before)) newTaskSchema.parse(task);
  }
});

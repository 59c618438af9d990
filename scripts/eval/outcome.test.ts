import { expect, it } from "vitest";
import { type Outcome, row, shareOf, totals } from "./outcome.ts";

const outcome = (change: Partial<Outcome>): Outcome => ({
  name: "a",
  verdict: "right",
  seconds: 1.25,
  modelCalls: 2,
  toolCalls: 1,
  ...change,
});

const themes = [
  { theme: "dates", outcomes: [outcome({}), outcome({ verdict: "wrong", why: "it is late", seconds: 10 })] },
  { theme: "names", outcomes: [outcome({ verdict: "failed", why: "no answer", modelCalls: 0 })] },
];

const words = (line: string) => line.replaceAll(/\s+/g, " ").trim();

it("shows of a conversation the verdict, seconds, calls and the reason", () => {
  const rows = themes.flatMap(({ outcomes }) => outcomes.map(row)).map(words);
  expect(rows).toEqual([
    "a right 1.3 s 2 model 1 tool",
    "a wrong 10.0 s 2 model 1 tool it is late",
    "a failed 1.3 s 0 model 1 tool no answer",
  ]);
});

it("adds up each theme and all", () => {
  expect(totals(themes).map(words)).toEqual([
    "dates 1 of 2 right 11.3 s 4 model 2 tool",
    "names 0 of 1 right 1.3 s 0 model 1 tool 1 failed",
    "all 1 of 3 right 12.5 s 4 model 3 tool 1 failed",
  ]);
  expect(shareOf(themes)).toBeCloseTo(33.3, 1);
  expect(shareOf([])).toBe(0);
});

import { readFileSync } from "node:fs";
import * as limits from "@taskassistant/contracts/limits";
import { expect, it } from "vitest";
import { productSources } from "./product-sources.ts";

const HOME = "packages/contracts/src/limits.ts";
/** A released migration is never edited, so it spells the numbers of its time. */
const MIGRATIONS = "packages/db/src/migrations/";
/** Only these programs and packages know the limits; elsewhere the same number means something else. */
const others = productSources()
  .filter(({ path }) => /^(packages|services)\//.test(path) && path !== HOME && !path.startsWith(MIGRATIONS))
  .map(({ path, file }) => ({ path, text: readFileSync(file, "utf8") }));

/** Numbers and products of numbers, such as `160 * 1024`, as they are written in a source, without those that are times. */
function numbersIn(text: string): number[] {
  const withoutTimes = text.replaceAll(/^.*(?:Timeout|Ms|_MS)\b.*$/gm, "");
  const written = withoutTimes.matchAll(/(?<![\w.])\d[\d_]*(?: \* \d[\d_]*)*(?![\w.])/g);
  return [...written].map(([number]) =>
    number.split(" * ").reduce((product, factor) => product * Number(factor.replaceAll("_", "")), 1),
  );
}

it("reads numbers in the ways they are written", () => {
  expect(numbersIn("const A = 160 * 1024; limit(16_000, 1.5, x2)\nconst WAIT_MS = 20_000;")).toEqual([163_840, 16_000]);
});

it.each(Object.keys(limits))("%s is declared once", (name) => {
  expect(others.filter(({ text }) => text.includes(`const ${name} =`)).map(({ path }) => path)).toEqual([]);
});

// Small numbers and powers of two stand for many things.
it.each(Object.entries(limits).filter(([, value]) => value >= 8_192 && !Number.isInteger(Math.log2(value))))(
  "%s stands nowhere as the number %i",
  (_name, value) => {
    expect(others.filter(({ text }) => numbersIn(text).includes(value)).map(({ path }) => path)).toEqual([]);
  },
);

import { expect, it } from "vitest";
import { read, trackedFiles } from "./texts.ts";

/** Split into parts, so that the test does not find this file itself. */
const FORBIDDEN = {
  "a path of one machine": ["/(?:", "work|home/\\w+|Users/\\w+|tmp/plan", ")/"],
  "a package registry": [
    "\\b(?:",
    "registry\\.npmjs|registry\\.yarnpkg|pypi|files\\.pythonhosted",
    ")\\.(?:org|com)\\b",
  ],
  "a module proxy": ["\\b(?:", "proxy|sum", ")\\.golang\\.org\\b"],
};

const patterns = Object.entries(FORBIDDEN).map(([what, parts]) => [what, new RegExp(parts.join(""))] as const);
const findings = (path: string, text: string) =>
  patterns.flatMap(([what, pattern]) => (pattern.test(text) ? [`${path}: ${what}, ${pattern.exec(text)?.[0]}`] : []));

it("no file names a path of one machine or the host of a package registry", () => {
  const files = trackedFiles().filter((path) => !/\.(png|woff2?|ico)$/.test(path));
  expect(files.length).toBeGreaterThan(100);
  expect(files.flatMap((path) => findings(path, read(path)))).toEqual([]);
});

it("the lockfile has no download addresses", () => {
  expect(read("package-lock.json")).not.toContain('"resolved": "http');
});

it("the patterns find planted paths and hosts", () => {
  const planted = ["/wo", "rk/main/x ", "https://registry.npm", "js.org/a ", "https://proxy.gol", "ang.org"].join("");
  expect(findings("planted.ts", planted)).toHaveLength(3);
});

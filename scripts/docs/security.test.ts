import { globSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { pathsOf, read, root } from "./texts.ts";

/** What SECURITY.md promises: each of its walls, and each paragraph that begins with what it protects. */
const promises = between(read("SECURITY.md"), "\n### 1. ", "\n## What is not protected")
  .split(/\n\n(?=##|\*\*)/)
  .map((text) => ({ text, title: (text.trim().split("\n")[0] ?? "").replaceAll(/[#*`]/g, "").trim().slice(0, 60) }))
  .filter(({ text }) => !/^#+ [^\n]*$/.test(text.trim()));

function between(text: string, start: string, end: string): string {
  return text.slice(text.indexOf(start), text.indexOf(end));
}

describe("SECURITY.md", () => {
  it("is read as a list of promises", () => {
    expect(promises.length).toBeGreaterThan(15);
  });

  it.each(promises)("names a test that exists for: $title", ({ text }) => {
    const tests = pathsOf(text, ["operator", "services", "packages"]).filter((path) => /\.test\.tsx?$/.test(path));
    expect(tests).not.toEqual([]);
    expect(tests.filter((path) => globSync(path, { cwd: root }).length === 0)).toEqual([]);
  });
});

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { run } from "@taskassistant/cluster/machine";
import { afterAll, describe, expect, it } from "vitest";
import { parseMutant, readMutants, replacedBlocks, sampleOf, withDiff } from "./mutant.ts";
import { createScratch } from "./scratch.ts";
import { failuresOf, type Report, verdictOf } from "./verdict.ts";

const root = resolve(import.meta.dirname, "../..");
const mutants = readMutants(root);

const PATCH = `Breaks: nobody can count
Tests: packages/a/one.test.ts
Tests: packages/a/two.test.ts
Name: counts

--- a/packages/a/count.ts
+++ b/packages/a/count.ts
@@ -1,2 +1,2 @@
-export const one = 1;
+export const one = 2;
 export const two = 2;
`;

describe("the patches of this checkout", () => {
  it("all apply, each at one place; one that does not is made again by hand and stored with make mutants SAVE=NAME", () => {
    expect(mutants.length).toBeGreaterThanOrEqual(45);
    const read = (path: string) => readFileSync(join(root, path), "utf8");
    const fits = ({ file, block }: { file: string; block: string }) =>
      existsSync(join(root, file)) && `\n${read(file)}`.split(`\n${block}`).length === 2;
    expect(mutants.filter(({ patch }) => !replacedBlocks(read(patch)).every(fits)).map(({ name }) => name)).toEqual([]);
  });

  it("name tests that exist, at their level", () => {
    const tests = mutants.flatMap(({ name, level, tests }) => tests.map((test) => ({ name, level, test })));
    expect(tests.filter(({ test }) => !existsSync(join(root, test)))).toEqual([]);
    const isOfCluster = (test: string) => /\.(backup|cluster|e2e)\.test\.ts$/.test(test);
    expect(tests.filter(({ level, test }) => level === "unit" && isOfCluster(test))).toEqual([]);
  });

  it("change the product, not its tests", () => {
    const files = mutants.flatMap(({ files }) => files);
    expect(files.filter((file) => /\.test\.ts$|(^|\/)(test|testing|__snapshots__)\//.test(file))).toEqual([]);
  });
});

describe("a patch", () => {
  it("says above its diff what it breaks and which tests have to notice", () => {
    expect(parseMutant("test/mutants/count.patch", PATCH)).toEqual({
      name: "count",
      patch: "test/mutants/count.patch",
      breaks: "nobody can count",
      level: "unit",
      tests: ["packages/a/one.test.ts", "packages/a/two.test.ts"],
      testName: "counts",
      files: ["packages/a/count.ts"],
    });
  });

  it("without tests of its own is for those of the changed workspace", () => {
    const text = PATCH.replace(/^Tests: .*\n/gm, "");
    expect(parseMutant("a.patch", text).tests).toEqual(["packages/a/"]);
  });

  it("replaces lines that are known, so that it is cheap to see whether it still fits", () => {
    expect(replacedBlocks(PATCH)).toEqual([
      { file: "packages/a/count.ts", block: "export const one = 1;\nexport const two = 2;\n" },
    ]);
  });

  it("is in the same samples each time, and in time in some", () => {
    const names = (seed: number) => sampleOf(mutants, `${seed}`, 12).map(({ name }) => name);
    expect(names(1)).toEqual(names(1));
    expect(new Set(names(1)).size).toBe(12);
    const sampled = new Set(Array.from({ length: 200 }, (_, seed) => names(seed)).flat());
    expect(sampled.size).toBe(mutants.length);
  });

  it("without a sentence, a diff or a known level is refused", () => {
    for (const text of [PATCH.replace(/^Breaks.*\n/, ""), "Breaks: a\n", `Level: none\n${PATCH}`]) {
      expect(() => parseMutant("a.patch", text)).toThrow(/^a\.patch: /);
    }
  });

  it("keeps its head when its diff is made again", () => {
    const diff = PATCH.slice(PATCH.indexOf("--- a/")).replace("= 2;", "= 3;");
    const git = `diff --git a/packages/a/count.ts b/packages/a/count.ts\nindex 111..222 100644\n${diff}`;
    expect(withDiff(PATCH, git)).toBe(PATCH.replace("= 2;", "= 3;"));
  });
});

describe("a verdict", () => {
  const file = (status: string, ...tests: [status: string, fullName: string][]) => ({
    name: "/tree/a.test.ts",
    status,
    assertionResults: tests.map(([status, fullName]) => ({ status, fullName })),
  });
  const verdict = (...testResults: Report["testResults"]) => verdictOf({ testResults }, "/tree");

  it("names the first test that failed", () => {
    const report = file("failed", ["passed", "a"], ["failed", "b counts"]);
    expect(verdict(file("passed", ["passed", "a"]), report)).toEqual({
      kind: "caught",
      by: "a.test.ts",
      test: "b counts",
    });
  });

  it("is survival only when tests ran and all passed", () => {
    expect(verdict(file("passed", ["passed", "a"], ["skipped", "b"]))).toEqual({ kind: "SURVIVED" });
    expect(verdict(file("passed", ["skipped", "b"])).kind).toBe("BROKEN");
    expect(verdict().kind).toBe("BROKEN");
    expect(verdictOf(undefined, "/tree").kind).toBe("BROKEN");
  });

  it("does not count a file that can't be loaded as caught", () => {
    expect(verdict(file("failed"))).toEqual({ kind: "BROKEN", why: "a.test.ts can't be loaded with it" });
  });

  it("without a mutant lists what fails", () => {
    const report = { testResults: [file("failed", ["failed", "a"], ["passed", "b"]), file("failed"), file("passed")] };
    expect(failuresOf(report, "/tree")).toEqual(["a.test.ts: a", "a.test.ts: the file can't be loaded"]);
    expect(failuresOf(undefined, "/tree")).toHaveLength(1);
  });
});

describe("the copy in which things are broken", () => {
  const checkout = mkdtempSync(join(tmpdir(), "ta-mutants-"));
  afterAll(() => rmSync(checkout, { recursive: true, force: true }));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(checkout, path)), { recursive: true });
    writeFileSync(join(checkout, path), text);
  };
  const COUNT = "export const one = 1;\nexport const two = 2;\n";

  it("lies in the checkout, has its files and packages, and leaves it as it is", async () => {
    await run("git", ["init", "-q"], { cwd: checkout, timeoutMs: 10_000 });
    write(".gitignore", "node_modules\n.cache\n");
    write("packages/a/count.ts", COUNT);
    write("node_modules/b/index.js", "");
    write("node_modules/.vite/kept.json", "");
    write("a.patch", PATCH);
    const scratch = createScratch(checkout);
    const inside = (path: string) => readFileSync(join(scratch.root, path), "utf8");
    expect(scratch.root.startsWith(join(checkout, ".cache/mutants/"))).toBe(true);
    expect(existsSync(join(scratch.root, "node_modules/b/index.js"))).toBe(true);
    expect(existsSync(join(scratch.root, "node_modules/.vite"))).toBe(false);

    const patch = join(checkout, "a.patch");
    const files = ["packages/a/count.ts"];
    expect(await scratch.broken(patch, files, async () => inside("packages/a/count.ts"))).toContain("one = 2");
    expect(inside("packages/a/count.ts")).toBe(COUNT);
    expect(readFileSync(join(checkout, "packages/a/count.ts"), "utf8")).toBe(COUNT);

    writeFileSync(join(scratch.root, "packages/a/count.ts"), "export const three = 3;\n");
    expect(await scratch.broken(patch, files, async () => "looked")).toBeUndefined();
    scratch.remove();
    expect(existsSync(scratch.root)).toBe(false);
  });
});

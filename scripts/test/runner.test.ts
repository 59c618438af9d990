import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { run } from "@taskassistant/cluster/machine";
import { afterAll, describe, expect, it } from "vitest";
import { type Commands, createCommands } from "./commands.ts";
import type { Command, Level, Need } from "./levels.ts";
import { missingForNode } from "./machine.ts";
import { countsOf, details, summary } from "./report.ts";
import { type Deps, runLevels } from "./run-levels.ts";

const root = resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "ta-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const level = (commands: Command[], needs?: Need): Level => ({
  name: "unit",
  what: "a test",
  ...(needs === undefined ? {} : { needs }),
  commands,
});
const node = (title: string, script: string): Command => ({
  kind: "check",
  title,
  argv: [process.execPath, "-e", script],
});

function deps(change: Partial<Deps> = {}): Deps & { lines: string[] } {
  const lines: string[] = [];
  const rest = { reports: join(folder, "reports"), inCi: false, missingFor: async () => undefined };
  return {
    commands: createCommands(root, { output: "ignore" }),
    ...rest,
    say: (line) => lines.push(line),
    lines,
    ...change,
  };
}

/** A vitest configuration over one file of tests. */
function vitest(name: string, tests: string, config = ""): Command {
  writeFileSync(join(folder, `${name}.test.ts`), tests);
  const file = join(folder, `${name}.config.mjs`);
  const test = `{ root: ${JSON.stringify(folder)}, test: { include: ["${name}.test.ts"], globals: true } }`;
  writeFileSync(file, `${config}\nexport default ${test};`);
  return { kind: "vitest", config: file };
}

function commandLines(): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8");
      } catch {
        return ""; // ended meanwhile
      }
    });
}

describe("a run", () => {
  it("counts checks and tests together", async () => {
    const tests = vitest(
      "mixed",
      `it("a", () => {}); it("b", () => { throw new Error("no"); }); it.skip("c", () => {});`,
    );
    const commands = [node("good", ""), node("bad check", "process.exit(3)"), tests];
    expect(summary(await runLevels([level(commands)], deps()))).toBe("2 passed, 2 failed, 1 skipped");
  });

  it("tells at its end what failed, where and why, and what was skipped", async () => {
    const tests = vitest(
      "told",
      `describe("a list", () => { it("is short", () => { expect(3).toBe(2); }); it.skip("is long", () => {}); });`,
    );
    const broken = vitest("unloaded", `import "./nowhere.ts";`);
    const lines = details(await runLevels([level([node("bad check", "process.exit(3)"), tests, broken])], deps()));
    expect(lines).toEqual([
      expect.stringMatching(/^SKIPPED .*told\.test\.ts: a list is long$/),
      "FAILED bad check",
      expect.stringMatching(/^FAILED .*told\.test\.ts: a list is short\n {4}AssertionError: expected 3 to be 2/),
      expect.stringMatching(/^FAILED .*unloaded\.test\.ts\n {4}.*nowhere\.ts/s),
    ]);
  });

  it.each([
    ["a file that can't be loaded", `import "./nowhere.ts";`, ""],
    ["a configuration that fails", `it("a", () => {});`, `throw new Error("no");`],
    [
      "an error after the last test",
      `it("a", () => {}); afterAll(() => { void Promise.reject(new Error("late")); });`,
      "",
    ],
    ["no test at all", ``, ""],
    ["a crash", `it("a", () => { process.kill(process.ppid, "SIGKILL"); });`, ""],
  ])("counts %s as failed", async (_, tests, config) => {
    const { failed } = await runLevels([level([vitest("broken", tests, config)])], deps());
    expect(failed).toHaveLength(1);
  });

  it.each(["node", "gateway", "backup"] as const)(
    "skips a level where its %s is missing, reports the reason, and fails in CI",
    async (need) => {
      const missingFor = async (asked: Need) => (asked === need ? `lacks a ${need}` : undefined);
      const here = deps({ missingFor });
      expect(summary(await runLevels([level([node("never", "")], need)], here))).toBe("0 passed, 0 failed, 1 skipped");
      expect(here.lines).toContain(`-- unit skipped: lacks a ${need}`);
      const ci = deps({ missingFor, inCi: true });
      expect(summary(await runLevels([level([node("never", "")], need)], ci))).toBe("0 passed, 1 failed");
      expect(ci.lines).toContain(`-- unit can't run: lacks a ${need}`);
    },
  );

  it("ends the running command with its child processes when it is interrupted, and starts no other", async () => {
    const commands: Commands = createCommands(root, { graceMs: 300, output: "ignore" });
    // Ignores SIGINT and has a child process.
    const deaf = `process.on("SIGINT", () => {}); setInterval(() => {}, 1000);`;
    const parent = `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(deaf)}, "${folder}"]); ${deaf}`;
    const ran = runLevels([level([node("deaf", parent), node("next", "")])], deps({ commands }));
    const alive = () => commandLines().filter((line) => line.includes(folder) && line.includes("SIGINT"));
    await expect.poll(() => alive().length, { timeout: 10_000 }).toBe(2);
    await commands.interrupt();
    expect(summary(await ran)).toBe("0 passed, 2 failed");
    await expect.poll(alive).toEqual([]);
  });
});

describe("the summary", () => {
  it("mentions skipped tests only if there are any", () => {
    expect(summary({ passed: 3, failed: [], skipped: [] })).toBe("3 passed, 0 failed");
    expect(summary({ passed: 3, failed: ["a"], skipped: ["b", "c"] })).toBe("3 passed, 1 failed, 2 skipped");
  });

  it("counts a truncated or missing report as failed", () => {
    expect(summary(countsOf(undefined, 0))).toBe("0 passed, 1 failed");
    expect(summary(countsOf('{"numPassedTests": 7', 0))).toBe("0 passed, 1 failed");
    expect(summary(countsOf('{"numPassedTests": 7}', 1))).toBe("7 passed, 1 failed");
    expect(summary(countsOf('{"numPassedTests": 7}', 0))).toBe("7 passed, 0 failed");
  });
});

describe("the command", () => {
  const main = join(import.meta.dirname, "main.ts");

  it("rejects an unknown level", async () => {
    await expect(run(process.execPath, [main, "units"], { timeoutMs: 20_000 })).rejects.toThrow(
      /exit code 2.*unknown level units/s,
    );
  });

  it("reports what a node needs and this machine lacks", () => {
    expect(missingForNode({ platform: "linux", arch: "x64", uid: 0 })).toBeUndefined();
    expect(missingForNode({ platform: "linux", arch: "x64", uid: 1000 })).toContain("needs root");
    expect(missingForNode({ platform: "linux", arch: "riscv64", uid: 0 })).toContain("this machine is riscv64");
    expect(missingForNode({ platform: "darwin", arch: "arm64", uid: 0 })).toContain("needs Linux");
  });
});

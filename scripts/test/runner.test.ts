import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { run } from "@taskassistant/cluster/machine";
import { afterAll, describe, expect, it } from "vitest";
import { type Commands, createCommands } from "./commands.ts";
import type { Command, Level, Need } from "./levels.ts";
import { missingForNode } from "./machine.ts";
import { countsOf, summary } from "./report.ts";
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
    const commands = [node("good", ""), node("bad", "process.exit(3)"), tests];
    expect(await runLevels([level(commands)], deps())).toEqual({ passed: 2, failed: 2, skipped: 1 });
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
    expect(failed).toBe(1);
  });

  it.each(["node", "gateway", "backup"] as const)(
    "skips a level where its %s is missing, reports the reason, and fails in CI",
    async (need) => {
      const missingFor = async (asked: Need) => (asked === need ? `lacks a ${need}` : undefined);
      const here = deps({ missingFor });
      expect(await runLevels([level([node("never", "")], need)], here)).toEqual({ passed: 0, failed: 0, skipped: 1 });
      expect(here.lines).toContain(`-- unit skipped: lacks a ${need}`);
      const ci = deps({ missingFor, inCi: true });
      expect(await runLevels([level([node("never", "")], need)], ci)).toEqual({ passed: 0, failed: 1, skipped: 0 });
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
    expect(await ran).toEqual({ passed: 0, failed: 2, skipped: 0 });
    await expect.poll(alive).toEqual([]);
  });
});

describe("the summary", () => {
  it("mentions skipped tests only if there are any", () => {
    expect(summary({ passed: 3, failed: 0, skipped: 0 })).toBe("3 passed, 0 failed");
    expect(summary({ passed: 3, failed: 1, skipped: 2 })).toBe("3 passed, 1 failed, 2 skipped");
  });

  it("counts a truncated or missing report as failed", () => {
    expect(countsOf(undefined, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
    expect(countsOf('{"numPassedTests": 7', 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
    expect(countsOf('{"numPassedTests": 7}', 1)).toEqual({ passed: 7, failed: 1, skipped: 0 });
    expect(countsOf('{"numPassedTests": 7}', 0)).toEqual({ passed: 7, failed: 0, skipped: 0 });
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

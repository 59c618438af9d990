import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { run } from "@taskassistant/cluster/machine";
import { afterAll, describe, expect, it } from "vitest";
import { summary } from "../test/report.ts";
import { CAMPAIGN_MINUTES, type Part, partsOf, seededFiles } from "./parts.ts";
import { type Deps, runParts } from "./run-parts.ts";

const root = resolve(import.meta.dirname, "../..");
const reports = mkdtempSync(join(tmpdir(), "ta-campaign-"));
afterAll(() => rmSync(reports, { recursive: true, force: true }));

const part = (change: Pick<Partial<Part>, "name" | "rounds" | "needs"> = {}): Part => ({
  name: "a",
  what: "a part",
  minutes: 15,
  rounds: 5,
  config: "a.config.ts",
  ...change,
});

/** A campaign whose rounds take four minutes each; a round with one of the seeds in `failing` fails. */
function campaign(change: Partial<Deps> = {}, failing: number[] = []) {
  const seeds: number[] = [];
  const lines: string[] = [];
  let minutes = 0;
  const exec: Deps["commands"]["exec"] = async (argv, env = {}) => {
    const seed = Number(env.SEED);
    seeds.push(seed);
    minutes += 4;
    const failed = failing.includes(seed) ? 1 : 0;
    const report = argv.find((word) => word.startsWith("--outputFile.json="))?.split("=")[1] ?? "";
    writeFileSync(report, JSON.stringify({ numPassedTests: 10 - failed }));
    return failed;
  };
  const deps: Deps = {
    commands: { exec, interrupt: async () => undefined },
    reports,
    inCi: false,
    missingFor: async () => undefined,
    say: (line) => lines.push(line),
    seed: 7,
    minutes: 60,
    now: () => minutes * 60_000,
    interrupted: () => false,
    ...change,
  };
  return { deps, seeds, lines };
}

describe("a campaign", () => {
  it("starts rounds with other seeds while its part's time lasts, and prints the seeds", async () => {
    const { deps, seeds, lines } = campaign();
    expect(summary(await runParts([part()], deps))).toBe("30 passed, 0 failed");
    expect(seeds).toEqual([7, 1_007, 2_007]);
    for (const seed of seeds) expect(lines.some((line) => line.endsWith(`SEED=${seed}`))).toBe(true);
  });

  it("makes one round however short the time is, and every round without a limit", async () => {
    const short = campaign({ minutes: 0 });
    await runParts([part(), part({ name: "b" })], short.deps);
    expect(short.seeds).toEqual([7, 7]);
    const full = campaign({ minutes: undefined });
    await runParts([part()], full.deps);
    expect(full.seeds).toHaveLength(5);
  });

  it("ends a part with the first round that fails, says how to repeat it, and goes on with the next part", async () => {
    const { deps, seeds, lines } = campaign({ minutes: undefined }, [1_007]);
    expect(summary(await runParts([part(), part({ name: "b", rounds: 1 })], deps))).toBe("29 passed, 1 failed");
    expect(seeds).toEqual([7, 1_007, 7]);
    expect(lines).toContain("-- a failed; repeat it with: ONLY=a SEED=1007 MINUTES=0 make campaign");
  });

  it("blames no seed for a round that a signal ended, and starts nothing more", async () => {
    const { deps, seeds, lines } = campaign({}, [7]);
    await runParts([part(), part({ name: "b" })], { ...deps, interrupted: () => seeds.length > 0 });
    expect(seeds).toEqual([7]);
    expect(lines.filter((line) => /repeat|== b/.test(line))).toEqual([]);
  });

  it("counts a round of a program as one test", async () => {
    const { deps } = campaign();
    const programs = [0, 1].map((code) => ({
      name: `ends with ${code}`,
      what: "a program",
      minutes: 1,
      rounds: 2,
      argv: ["program", `${code}`],
    }));
    const asked: unknown[] = [];
    const exec: Deps["commands"]["exec"] = async ([, code], env) => {
      asked.push([code, env?.SEED]);
      return Number(code);
    };
    const commands = { ...deps.commands, exec };
    expect(summary(await runParts(programs, { ...deps, commands }))).toBe("2 passed, 1 failed");
    expect(asked).toEqual([
      ["0", "7"],
      ["0", "1007"],
      ["1", "7"],
    ]);
  });

  it("skips a part that can't run here, reports the reason, and fails in CI", async () => {
    const missingFor = async () => "needs root";
    const here = campaign({ missingFor });
    expect(summary(await runParts([part({ needs: "node" })], here.deps))).toBe("0 passed, 0 failed, 1 skipped");
    expect(here.lines).toContain("-- a skipped: needs root");
    const ci = campaign({ missingFor, inCi: true });
    expect(summary(await runParts([part({ needs: "node" })], ci.deps))).toBe("0 passed, 1 failed");
    expect([...here.seeds, ...ci.seeds]).toEqual([]);
  });
});

describe("the parts", () => {
  it("share the default time, and no two have the same name", () => {
    const parts = partsOf(root);
    expect(parts.reduce((sum, { minutes }) => sum + minutes, 0)).toBe(CAMPAIGN_MINUTES);
    expect(new Set(parts.map(({ name }) => name)).size).toBe(parts.length);
  });

  it("include every test of the unit level whose inputs follow from a seed", () => {
    const files = seededFiles(root);
    expect(files).toContain("packages/dates/src/dates.test.ts");
    expect(files).toContain("operator/src/runtime/workers/queue.test.ts");
    expect(files.filter((path) => path.includes("node_modules") || path.includes(".cluster."))).toEqual([]);
  });
});

describe("the command", () => {
  const main = join(import.meta.dirname, "main.ts");
  it.each([
    [{ ONLY: "attack" }, /exit code 2.*unknown part attack; choose from attacks, /s],
    [{ SEED: "x" }, /exit code 2.*SEED is x; it has to be a whole number/s],
  ])("rejects %j", async (env, why) => {
    await expect(run(process.execPath, [main], { timeoutMs: 20_000, env })).rejects.toThrow(why);
  });
});

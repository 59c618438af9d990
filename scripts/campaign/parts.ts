import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Need } from "../test/levels.ts";
import type { VitestRun } from "../test/run-levels.ts";

/** A program that reads `SEED` and fails with its exit code. A round of it counts as one test. */
export interface ProgramRun {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** One part of `make campaign`: tests that `make test` only samples, in rounds with a seed each. */
export type Part = PartFrame & (VitestRun | ProgramRun);

interface PartFrame {
  readonly name: string;
  /** Describes the part in the output. */
  readonly what: string;
  readonly needs?: Need;
  /** Its share of the default hour. */
  readonly minutes: number;
  /** Rounds with `FULL=1`; a sampled campaign makes as many of them as its time allows, and at least one. */
  readonly rounds: number;
}

/** How long all parts together take unless `FULL=1` or `MINUTES` says otherwise. */
export const CAMPAIGN_MINUTES = 60;

export function partsOf(root: string): Part[] {
  return [
    {
      name: "attacks",
      what: "attacks on the services at their full length, a third of them each round",
      needs: "node",
      minutes: 10,
      rounds: 3,
      config: "test/vitest.cluster.config.ts",
      files: ["test/attacks"],
      env: { FULL: "1" },
    },
    {
      name: "llama",
      what: "llama.cpp's own server as the model, with other random weights each round",
      needs: "llama",
      minutes: 5,
      rounds: 20,
      config: "test/vitest.llama.config.ts",
    },
    {
      name: "openapi",
      what: "the API against its OpenAPI document by schemathesis, with other requests each round",
      needs: "schemathesis",
      minutes: 3,
      rounds: 20,
      argv: ["node", "scripts/openapi/main.ts"],
    },
    {
      name: "properties",
      what: "tests with random inputs, from a new seed each round",
      minutes: 10,
      rounds: 200,
      config: "scripts/campaign/vitest.properties.config.ts",
      files: seededFiles(root),
    },
    {
      name: "walk",
      what: "2,000 changes of single fields of a TaskAssistant, one after the other, from a new seed each round",
      minutes: 5,
      rounds: 10,
      config: "vitest.config.ts",
      files: ["operator/test/leaves/leaves.test.ts"],
      env: { TRANSITIONS: "2000" },
    },
    {
      name: "mutants",
      what: "samples of the known faults, each of which a test has to notice",
      minutes: 10,
      rounds: 40,
      argv: ["node", "scripts/mutants/main.ts"],
      // What these mean to the campaign is not meant for the program.
      env: { ONLY: "", FULL: "" },
    },
    {
      name: "kills",
      what: "the operator, killed at random moments that differ each round",
      needs: "node",
      minutes: 17,
      rounds: 25,
      config: "test/vitest.cluster.config.ts",
      files: ["operator/test/kill.cluster.test.ts"],
    },
  ];
}

/** The files of the unit level whose inputs follow from a seed. */
export function seededFiles(root: string): string[] {
  const all = globSync(
    ["packages", "services", "operator", "scripts"].map((folder) => `${folder}/**/*.test.ts`),
    {
      cwd: root,
      exclude: (path) => /(^|\/)(node_modules|dist|\.next)$/.test(path),
    },
  );
  const seeded = (path: string) => /from "fast-check"|process\.env\.SEED/.test(readFileSync(join(root, path), "utf8"));
  return all.filter((path) => !path.endsWith(".cluster.test.ts") && seeded(path)).sort();
}

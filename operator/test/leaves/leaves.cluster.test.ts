import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ApiError } from "../../src/kube/index.ts";
import { assistantObject, type ClusterHarness, startClusterHarness } from "../harness/cluster-harness.ts";
import { type Path, withValue } from "./leaves.ts";
import { leaves, MODES, NOT_CHANGED_ALONE, NOT_REMOVED_ALONE, SPECS, stepsOf } from "./specs.ts";
import { changedValues, invalidValue } from "./values.ts";

let harness: ClusterHarness;

beforeAll(async () => {
  harness = await startClusterHarness("operator-leaves");
  await harness.namespace("leaves");
}, 300_000);
afterAll(() => harness?.stop());

/** Why the API server refuses a spec; undefined when it admits it. Nothing is stored. */
async function refusal(spec: object): Promise<string | undefined> {
  try {
    await harness.client.dryRunApply(assistantObject("leaves", "demo", spec), { signal: harness.signal });
    return undefined;
  } catch (error) {
    if (error instanceof ApiError && error.status === 422) return error.message;
    throw error;
  }
}

/** One leaf of each field and mode. */
const one = [...new Map(leaves.map((leaf) => [`${leaf.mode} ${leaf.field}`, leaf])).values()];

/** The fields for which `check` answers true, checked a few at a time. */
async function fieldsWhere(check: (leaf: (typeof leaves)[number]) => Promise<boolean>): Promise<string[]> {
  const found = new Set<string>();
  for (const leaf of one) if (await check(leaf)) found.add(leaf.field);
  return [...found].sort();
}

describe("the API server", () => {
  it.each(MODES)("admits the specs that every walk begins with (%s)", async (mode) => {
    expect(await refusal(SPECS[mode])).toBeUndefined();
  });

  it("refuses a value of every field that its schema does not admit", async () => {
    const admitted = await fieldsWhere(async ({ mode, path, schema }) => {
      return (await refusal(withValue(SPECS[mode], path as Path, invalidValue(schema)))) === undefined;
    });
    expect(admitted).toEqual([]);
  });

  it("admits the other values with which the walk replaces those of single fields, and refuses those it knows as tied", async () => {
    const refused = await fieldsWhere(async ({ mode, path, field, schema, value }) => {
      const [other] = changedValues(schema, value);
      if (other === undefined || NOT_CHANGED_ALONE.has(field)) return false;
      return (await refusal(withValue(SPECS[mode], path, other))) !== undefined;
    });
    expect(refused).toEqual([]);
  });

  it("admits a spec without a field, unless the walk knows that another one needs it", async () => {
    const refused = await fieldsWhere(async ({ mode, field, removable }) => {
      if (removable === undefined || NOT_REMOVED_ALONE.has(field)) return false;
      return (await refusal(withValue(SPECS[mode], removable, undefined))) !== undefined;
    });
    expect(refused).toEqual([]);
  });

  it.each(MODES)("admits each step of the walk (%s)", async (mode) => {
    const refused: string[] = [];
    for (const { what, take } of stepsOf(mode)) {
      const words = await refusal(take(SPECS[mode]));
      if (words !== undefined) refused.push(`${what}: ${words}`);
    }
    expect(refused).toEqual([]);
  });
});

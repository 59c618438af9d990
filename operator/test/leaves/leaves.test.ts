import { isDeepStrictEqual } from "node:util";
import { describe, expect, it, vi } from "vitest";
import { withValue } from "./leaves.ts";
import {
  fields,
  IS_THE_DEFAULT,
  leaves,
  MODES,
  NOT_CHANGED_ALONE,
  NOT_REMOVED_ALONE,
  NOT_WALKED,
  SPECS,
  served,
  stepsOf,
} from "./specs.ts";
import { changedValues } from "./values.ts";
import { createWorld, type View } from "./world.ts";

/**
 * Fields whose effect is neither in a child nor in the status, and where it is instead.
 */
const ELSEWHERE: readonly (readonly [RegExp, string])[] = [
  [/^backup\./, "the Jobs of TaskAssistantBackups"],
  [
    /^(upgrade\.|database\.migrations\.policy$)/,
    "an upgrade, of which nothing is to be seen while one release is wanted and runs",
  ],
  [/^model\.allowPlaintext$/, "the API server, which refuses a plain address without it"],
  [/^deletion\.backupTimeout$/, "the time until a deletion ends without a backup"],
];

const elsewhere = (field: string) => ELSEWHERE.some(([pattern]) => pattern.test(field));

const seen = new Map<string, Promise<View>>();

/** What a new assistant of this spec comes to. */
function fresh(spec: object, withUserData = true): Promise<View> {
  const key = `${withUserData} ${JSON.stringify(spec)}`;
  const found = seen.get(key) ?? createWorld({ withUserData }).settle(served(spec));
  seen.set(key, found);
  return found;
}

/** Whether two specs differ in what can be seen, with the data they name or, for what is optional, without. */
async function differ(one: object, other: object): Promise<boolean> {
  if (!isDeepStrictEqual(await fresh(one), await fresh(other))) return true;
  return !isDeepStrictEqual(await fresh(one, false), await fresh(other, false));
}

type Walked = (typeof leaves)[number];

/** The fields for which no value of any mode, changed so, makes a difference. */
async function withoutEffect(
  among: readonly Walked[],
  changes: (leaf: Walked) => readonly object[],
): Promise<string[]> {
  const shown = new Set<string>();
  const tried = new Set<string>();
  for (const leaf of among) {
    if (shown.has(leaf.field)) continue;
    for (const spec of changes(leaf)) {
      tried.add(leaf.field);
      if (await differ(spec, SPECS[leaf.mode])) shown.add(leaf.field);
      if (shown.has(leaf.field)) break;
    }
  }
  return [...tried].filter((field) => !shown.has(field));
}

const changed = ({ mode, path, field, schema, value }: Walked): object[] =>
  NOT_CHANGED_ALONE.has(field) ? [] : changedValues(schema, value).map((other) => withValue(SPECS[mode], path, other));

const removed = ({ mode, field, removable }: Walked): object[] =>
  removable === undefined || NOT_REMOVED_ALONE.has(field) || IS_THE_DEFAULT.has(field)
    ? []
    : [withValue(SPECS[mode], removable, undefined)];

const here = leaves.filter(({ field }) => !elsewhere(field));

// The machine may be busy with other tests.
vi.setConfig({ testTimeout: 600_000 });

describe("every field of the definition", () => {
  it("is met by the walk", () => {
    const met = new Set(leaves.map(({ field }) => field));
    expect(fields.filter((field) => !met.has(field))).toEqual([]);
    expect(fields.length).toBeGreaterThan(150);
  });

  it("can be changed or removed, or is tied to another one by a rule", () => {
    const moved = new Set(
      leaves.filter((leaf) => changed(leaf).length + removed(leaf).length > 0).map(({ field }) => field),
    );
    expect(fields.filter((field) => !moved.has(field) && !NOT_CHANGED_ALONE.has(field))).toEqual([]);
  });

  it("shows in a child or in the status when its value changes", async () => {
    expect(await withoutEffect(here, changed)).toEqual([]);
  });

  it("shows in a child or in the status when it is removed", async () => {
    expect(await withoutEffect(here, removed)).toEqual([]);
  });

  it.each(MODES)(
    "has the effect in a running assistant that it has in a new one, and none once it is taken back (%s)",
    async (mode) => {
      const world = createWorld();
      await world.settle(served(SPECS[mode]));
      const fieldsOnce = new Map(
        leaves.filter((leaf) => leaf.mode === mode && !NOT_WALKED.has(leaf.field)).map((leaf) => [leaf.field, leaf]),
      );
      for (const leaf of fieldsOnce.values()) {
        const [spec] = changed(leaf);
        if (spec === undefined) continue;
        expect(lasting(await world.settle(served(spec))), leaf.field).toEqual(lasting(await fresh(spec)));
        expect(lasting(await world.settle(served(SPECS[mode]))), leaf.field).toEqual(lasting(await fresh(SPECS[mode])));
      }
    },
  );

  it("is found by the walk when it has no effect", async () => {
    const planted = {
      ...here[0]!,
      field: "planted",
      path: ["planted"],
      removable: ["planted"],
      schema: { type: "integer" },
      value: 1,
    };
    expect(await withoutEffect([planted], changed)).toEqual(["planted"]);
  });

  it("is said to show elsewhere only where something doesn't show here", async () => {
    for (const [pattern, where] of ELSEWHERE) {
      const others = leaves.filter(({ field }) => pattern.test(field));
      expect(await withoutEffect(others, changed), where).not.toEqual([]);
    }
  });
});

/** Transitions of one run; a campaign makes more. */
const { TRANSITIONS: transitions = "300", SEED: seed = "1" } = process.env;
const TRANSITIONS = Number(transitions);
const SEED = Number(seed);

describe(`${TRANSITIONS} changes one after the other, seed ${SEED}`, () => {
  it.each(MODES)("lead to what a new assistant of the same spec has, and back (%s)", async (mode) => {
    const random = generator(SEED);
    const steps = stepsOf(mode);
    const world = createWorld();
    await world.settle(served(SPECS[mode]));
    let spec: object = SPECS[mode];
    const walked: string[] = [];
    for (let index = 0; index < TRANSITIONS / MODES.length; index += 1) {
      const step = steps[Math.floor(random() * steps.length)]!;
      spec = step.take(spec);
      walked.push(step.what);
      const seen = await world.settle(served(spec));
      expect(lasting(seen), walked.slice(-5).join(", ")).toEqual(lasting(await fresh(spec)));
    }
    expect(lasting(await world.settle(served(SPECS[mode])))).toEqual(lasting(await fresh(SPECS[mode])));
  });
});

/**
 * What must be the same whatever was before. A volume never shrinks, a count of pods that is given up stays, and a migration that ran
 * before a suspension is known during it. Which release runs is known from when everything last worked.
 */
function lasting({ children, status, finalizers }: View): View {
  const { conditions, database, version: _version, ...rest } = status;
  const isSuspended = conditions.some(({ type, status: is }) => type === "Suspended" && is === "True");
  const { "PersistentVolumeClaim/demo-db-data": _claim, ...others } = children;
  const kept = Object.entries(others).filter(([id]) => !isSuspended || !id.startsWith("Job/"));
  const told = conditions
    .filter(({ type }) => !isSuspended || type !== "MigrationsApplied")
    .map((each) => ({ ...each, message: each.message.replace(/\d+ pods? (is|are) ready/, "pods are ready") }));
  const history = isSuspended ? {} : { database };
  return { children: Object.fromEntries(kept), status: { ...rest, ...history, conditions: told }, finalizers };
}

/** Numbers from 0 to 1 that follow from the seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

import type { TaskAssistantSpec } from "../../src/api/taskassistants/v1alpha1/index.ts";
import { assistant, specSchema } from "../fixtures/assistant-fixture.ts";
import { EVERY_FIELD } from "../fixtures/every-field-fixture.ts";
import { fieldsOf, type Leaf, leavesOf, type Path, valueAt, withValue } from "./leaves.ts";
import { changedValues, type LeafSchema } from "./values.ts";

export const schema: LeafSchema = specSchema;

/** Two specs that together have every field, with what can be seen best: nothing is suspended. */
export const SPECS = {
  Managed: { ...EVERY_FIELD.Managed, suspend: false, deletion: { ...EVERY_FIELD.Managed.deletion, policy: "Delete" } },
  External: EVERY_FIELD.External,
} as const;

export type Mode = keyof typeof SPECS;
export const MODES = ["Managed", "External"] as const satisfies readonly Mode[];

export const fields = fieldsOf(schema);

/** The values of both specs. Of a list or map one element of each form is enough. */
export const leaves: readonly (Leaf & { readonly mode: Mode })[] = MODES.flatMap((mode) =>
  leavesOf(schema, SPECS[mode]).map((leaf) => ({ ...leaf, mode })),
);

/** Values that the API server refuses to change on their own, because a rule ties them to another field. */
export const NOT_CHANGED_ALONE: ReadonlySet<string> = new Set([
  "database.mode",
  "database.managed.storage.storageClassName",
  "exposure.type",
  "model.provider",
]);

/** Values that the API server refuses to miss while others are there. */
export const NOT_REMOVED_ALONE: ReadonlySet<string> = new Set([
  "database.mode",
  "database.managed.storage.storageClassName",
  "database.external.secretRef.name",
  "exposure.type",
  "exposure.host",
  "model.name",
  "model.provider",
]);

/** What can't be taken back: the data is encrypted with the key that it names, and the operator asks for it. */
export const ONE_WAY: ReadonlySet<string> = new Set(["auth.secretRef.name"]);

/**
 * What depends on what was before: with a release that no operator knows everything stays as it is, and a migration that has run keeps
 * its limit.
 */
export const NOT_WALKED: ReadonlySet<string> = new Set(["version", "database.migrations.timeout"]);

/** What is the same with this value and without one. */
export const IS_THE_DEFAULT: ReadonlySet<string> = new Set(["version", "suspend"]);

/** A spec with defaults, as the operator sees it. */
export const served = (spec: object): TaskAssistantSpec => assistant(spec).spec;

/** One change of a spec that its schema admits; a CEL rule may refuse what it leads to. */
export interface Step {
  readonly what: string;
  readonly take: (spec: object) => object;
}

const named = (path: Path) => path.join(".");

/** The changes of single values, and of groups whose fields depend on each other, that a spec of this mode may go through. */
export function stepsOf(mode: Mode): Step[] {
  const whole: object = SPECS[mode];
  const single = leaves
    .filter((leaf) => leaf.mode === mode)
    .flatMap((leaf): Step[] => {
      const [other] =
        NOT_CHANGED_ALONE.has(leaf.field) || NOT_WALKED.has(leaf.field) ? [] : changedValues(leaf.schema, leaf.value);
      const { removable } = leaf;
      const set = (value: unknown) => (spec: object) =>
        valueAt(spec, leaf.path) !== undefined ? withValue(spec, leaf.path, value) : spec;
      return [
        ...(other === undefined ? [] : [{ what: `change ${named(leaf.path)}`, take: set(other) }]),
        ...(removable === undefined ||
        NOT_REMOVED_ALONE.has(leaf.field) ||
        ONE_WAY.has(leaf.field) ||
        NOT_WALKED.has(leaf.field) ||
        typeof removable.at(-1) === "number"
          ? []
          : [{ what: `remove ${named(removable)}`, take: (spec: object) => withValue(spec, removable, undefined) }]),
      ];
    });
  const groups = Object.keys(whole)
    .filter((name) => name !== "database")
    .flatMap((name): Step[] => [
      { what: `reset ${name}`, take: (spec) => withValue(spec, [name], (whole as Record<string, unknown>)[name]) },
      ...(name === "model" || name === "auth"
        ? []
        : [{ what: `drop ${name}`, take: (spec: object) => withValue(spec, [name], undefined) }]),
    ]);
  const models = MODES.map((each) => ({
    what: `the model of ${each}`,
    take: (spec: object) => withValue(spec, ["model"], SPECS[each].model),
  }));
  return [...single, ...groups, ...models];
}

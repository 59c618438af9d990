import { expect, it } from "vitest";
import { desiredInput } from "../../test/fixtures/assistant-fixture.ts";
import { allChildren, children } from "../assistants/desired/index.ts";
import { CHILD_KINDS, childKind, childKinds, isWorkload } from "./child-kinds.ts";
import { childPermissions } from "./child-permissions.ts";

const kinds = childKinds().map((kind) => ({ kind, facts: CHILD_KINDS[kind] }));

it.each(kinds)("$kind is the kind of its own resource", ({ kind, facts }) => {
  expect(facts.resource.kind).toBe(kind);
});

it("watches every kind whole that is adopted by name, as a restored object carries no label", () => {
  expect(childKinds(({ adopted, watch }) => adopted === "by name" && watch !== "whole")).toEqual([]);
});

it("watches every kind whole whose objects have no field that a conflict would protect", () => {
  const withoutSpec = allChildren(children(desiredInput())).filter((child) => !("spec" in child));
  expect(new Set(withoutSpec.map(({ kind }) => kind))).toEqual(new Set(["ServiceAccount"]));
  expect(withoutSpec.filter(({ kind }) => CHILD_KINDS[kind].watch !== "whole")).toEqual([]);
});

it("never removes what holds data or credentials with the rest", () => {
  expect(childKinds(({ holds }) => holds !== "nothing")).toEqual(["PersistentVolumeClaim", "Secret"]);
});

it("knows no facts about kinds that are no children, not even those with the name of a method", () => {
  expect(childKind("Pod")).toBeUndefined();
  expect(childKind("toString")).toBeUndefined();
});

it("counts every kind with a pod template as a workload", () => {
  const withPods = childKinds(({ mergedLists }) => "containers" in mergedLists);
  expect(withPods.filter((kind) => !isWorkload({ kind } as never))).toEqual([]);
});

it("asks for permission on every kind exactly once, and never to replace an object as a whole", () => {
  const granted = childPermissions().flatMap(({ apiGroup, resources, verbs }) =>
    resources.map((plural) => `${plural}.${apiGroup}: ${verbs.join(",")}`),
  );
  expect(granted).toHaveLength(kinds.length);
  expect(granted).toContain("secrets.: get,list,watch,create,patch,delete");
  expect(granted).toContain("deployments.apps: get,list,watch,create,patch,delete");
});

import { expect, it } from "vitest";
import { stringify } from "yaml";
import { everyFieldInput } from "../../../test/fixtures/every-field-fixture.ts";
import { CATALOGUE, knownVersions, resolveRelease } from "../../releases/index.ts";
import { allChildren, children } from "./children.ts";

/**
 * A released version never changes its file: an operator that wrote other pods for it would replace those that run. What makes
 * this test fail gets a revision in revisions.ts that undoes it for the older releases. Only a version that is not released
 * yet is accepted with -u.
 */
it.each(knownVersions(CATALOGUE))("the children of release %s are those that it was released with", async (version) => {
  const release = resolveRelease(CATALOGUE, version, undefined)!;
  const list = (["Managed", "External"] as const).flatMap((mode) =>
    allChildren(children({ ...everyFieldInput(mode), release: () => release })),
  );
  const pods = list.filter((child) => JSON.stringify(child).includes('"containers"'));
  expect(pods.length).toBeGreaterThan(8);
  const text = pods.map((child) => stringify(child, { aliasDuplicateObjects: false, lineWidth: 0 })).join("---\n");
  await expect(text).toMatchFileSnapshot(`__snapshots__/releases/${version}.yaml`);
});

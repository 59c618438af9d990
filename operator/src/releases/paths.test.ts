import { describe, expect, it } from "vitest";
import { CATALOGUE, type Catalogue } from "./catalogue.ts";
import { pathTo, schemaOf } from "./paths.ts";
import { isOlder, knownVersions } from "./versions.ts";

const { images } = CATALOGUE.releases[CATALOGUE.bundled]!;

/** Releases as `version: [min, max, compatibleFrom]`. */
function catalogue(releases: Record<string, readonly [number, number, number]>): Catalogue {
  const entries = Object.entries(releases).map(([version, [min, max, compatibleFrom]]) => [
    version,
    { images, schema: { min, max, compatibleFrom }, templates: 1 as const },
  ]);
  return { bundled: "1.0.0", releases: Object.fromEntries(entries) };
}

const KNOWN = catalogue({
  "1.0.0": [9, 9, 5],
  "1.1.0": [9, 9, 5],
  // Expands.
  "1.2.0": [10, 10, 9],
  // Removes what only 1.1.0 and older need.
  "1.3.0": [11, 11, 10],
  "1.4.0": [12, 12, 11],
});

const path = (running: string, target: string, version: number) =>
  pathTo(KNOWN, { running, target, schema: schemaOf(KNOWN, version)! });

describe("the way to another release", () => {
  it.each([
    ["1.0.0", "1.1.0", 9, { next: "1.1.0" }],
    ["1.0.0", "1.2.0", 9, { next: "1.2.0" }],
    ["1.0.0", "1.3.0", 9, { next: "1.2.0" }],
    ["1.2.0", "1.3.0", 10, { next: "1.3.0" }],
    ["1.2.0", "1.4.0", 10, { next: "1.3.0" }],
    ["1.1.0", "1.0.0", 9, { next: "1.0.0" }],
    // 1.2.0 was rolled back, and its schema stayed.
    ["1.0.0", "1.1.0", 10, { next: "1.1.0" }],
    ["1.2.0", "1.1.0", 10, { next: "1.1.0" }],
    ["1.3.0", "1.1.0", 11, { refused: "downgrade" }],
    ["1.3.0", "1.2.0", 11, { next: "1.2.0" }],
  ])("from %s to %s on schema %i is %o", (running, target, version, expected) => {
    expect(path(running, target, version)).toEqual(expected);
  });

  it("does not exist where a release in between is unknown", () => {
    const gap = catalogue({ "1.0.0": [9, 9, 5], "1.3.0": [11, 11, 10] });
    const schema = schemaOf(gap, 9)!;
    expect(pathTo(gap, { running: "1.0.0", target: "1.3.0", schema })).toEqual({ refused: "noPath" });
  });
});

it("a schema that no release makes means nothing", () => {
  expect(schemaOf(KNOWN, 13)).toBeUndefined();
});

it("versions are ordered by Semantic Versioning", () => {
  expect(isOlder("1.2.0-rc.1", "1.2.0")).toBe(true);
  expect(isOlder("1.10.0", "1.9.0")).toBe(false);
  expect(knownVersions(catalogue({ "1.10.0": [1, 1, 1], "1.9.0": [1, 1, 1] }))).toEqual(["1.9.0", "1.10.0"]);
});

import { expect, it } from "vitest";
import { CATALOGUE } from "./catalogue.ts";
import { extendedCatalogue } from "./extend.ts";
import { resolveRelease, withRegistry } from "./resolve.ts";

it("a release outside the catalogue is undefined", () => {
  expect(resolveRelease(CATALOGUE, "9.9.9", undefined)).toBeUndefined();
});

it("a release has the installation's images, and their registry is replaced too", () => {
  const catalogue = extendedCatalogue(CATALOGUE, { images: { api: "example.test/mine/api:1" } });
  const release = resolveRelease(catalogue, catalogue.bundled, "mirror.local:5000/ta");
  expect(release?.images.api).toBe("mirror.local:5000/ta/mine/api:1");
  expect(release?.images.postgres).toBe("mirror.local:5000/ta/library/postgres:17");
});

it("an installation adds releases, and may choose which one is the default", () => {
  const known = CATALOGUE.releases[CATALOGUE.bundled]!;
  const added = extendedCatalogue(CATALOGUE, { catalogue: { bundled: "0.9.0", releases: { "0.9.0": known } } });
  expect(added.bundled).toBe("0.9.0");
  expect(Object.keys(added.releases)).toEqual([CATALOGUE.bundled, "0.9.0"]);
  expect(() => extendedCatalogue(CATALOGUE, { catalogue: { bundled: "7.0.0", releases: {} } })).toThrow("7.0.0");
});

it.each([
  ["ghcr.io/taskassistant/api:0.1.0", "r.local/taskassistant/api:0.1.0"],
  ["localhost/api", "r.local/api"],
  ["host:5000/a/b@sha256:00", "r.local/a/b@sha256:00"],
  ["library/postgres:17", "r.local/library/postgres:17"],
  ["postgres:17", "r.local/library/postgres:17"],
])("another registry turns %s into %s", (image, expected) => {
  expect(withRegistry(image, "r.local")).toBe(expected);
});

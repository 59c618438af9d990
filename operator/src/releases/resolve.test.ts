import { describe, expect, it } from "vitest";
import { BUNDLED_VERSION, CATALOGUE } from "./catalogue.ts";
import { resolveRelease, withRegistry } from "./resolve.ts";

describe("resolveRelease", () => {
  it("returns the bundled release when none is named", () => {
    expect(resolveRelease({})).toEqual({ version: BUNDLED_VERSION, images: CATALOGUE[BUNDLED_VERSION] });
  });

  it("returns undefined for a release outside the catalogue", () => {
    expect(resolveRelease({ version: "9.9.9" })).toBeUndefined();
  });

  it("uses the installation's images, and replaces their registry too", () => {
    const release = resolveRelease({ overrides: { api: "example.test/mine/api:1" }, registry: "mirror.local:5000/ta" });
    expect(release?.images.api).toBe("mirror.local:5000/ta/mine/api:1");
    expect(release?.images.postgres).toBe("mirror.local:5000/ta/library/postgres:17");
  });
});

describe("withRegistry", () => {
  it.each([
    ["ghcr.io/taskassistant/api:0.1.0", "r.local/taskassistant/api:0.1.0"],
    ["localhost/api", "r.local/api"],
    ["host:5000/a/b@sha256:00", "r.local/a/b@sha256:00"],
    ["library/postgres:17", "r.local/library/postgres:17"],
    ["postgres:17", "r.local/library/postgres:17"],
  ])("turns %s into %s", (image, expected) => {
    expect(withRegistry(image, "r.local")).toBe(expected);
  });
});

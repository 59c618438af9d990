import { expect, it } from "vitest";
import { loadedPackages } from "./testing/loaded-packages.ts";

const PACKAGES = ["hono", "jose", "lru-cache", "pino"];

it.each([
  ["collections", ["lru-cache"]],
  ["failures", []],
  ["fetch", []],
  ["guard", []],
  ["http", ["hono", "lru-cache"]],
  ["jwt", ["jose", "lru-cache"]],
  ["process", ["pino"]],
])("kit/%s loads only its own packages: %j", (subpath, packages) => {
  expect(loadedPackages(`@taskassistant/kit/${subpath}`, import.meta.dirname, PACKAGES)).toEqual(packages);
});

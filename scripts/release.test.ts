import { globSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { BUNDLED_VERSION, CATALOGUE } from "../operator/src/releases/index.ts";
import { read, root } from "./docs/texts.ts";
import { RELEASE_PARTS, releasedReference, VERSION } from "./images/catalogue.ts";

type Package = { version?: string; workspaces?: string[] } & Partial<
  Record<"dependencies" | "devDependencies", Record<string, string>>
>;
const json = (path: string): Package => JSON.parse(read(path));

const { version: released, workspaces: patterns = [] } = json("package.json");
const workspaces = patterns.flatMap((pattern) => globSync(`${pattern}/package.json`, { cwd: root }));

/** Versions that are written out as literals in a source, as `version: "..."`. */
const literals = (path: string) =>
  [...read(path).matchAll(/\bversion: "(\d+\.\d+\.\d+[^"]*)"/g)].map(([, found]) => found);

test("every part says the same version", () => {
  const chart = parse(read("charts/taskassistant-operator/Chart.yaml")) as { version: string; appVersion: string };
  const sources = [
    "services/api/src/http/routing/openapi.ts",
    "services/api/src/mcp/remote.ts",
    "services/mcp/src/protocol/create-server.ts",
  ];
  const found = [
    ...workspaces.map((path) => [path, json(path).version]),
    ["scripts/images/catalogue.ts", VERSION],
    ["operator/src/releases/catalogue.ts", BUNDLED_VERSION],
    ["Chart.yaml, version", chart.version],
    ["Chart.yaml, appVersion", chart.appVersion],
    ...sources.flatMap((path) => {
      const versions = literals(path);
      return versions.length === 0 ? [[path, undefined]] : versions.map((version) => [path, version]);
    }),
  ];
  expect(workspaces.length).toBeGreaterThanOrEqual(10);
  expect(found.filter(([, version]) => version !== released)).toEqual([]);
});

test("workspaces ask for each other in this version", () => {
  const wrong = workspaces.flatMap((path) =>
    Object.entries({ ...json(path).dependencies, ...json(path).devDependencies })
      .filter(([name, version]) => name.startsWith("@taskassistant/") && version !== released)
      .map(([name, version]) => `${path}: ${name} ${version}`),
  );
  expect(wrong).toEqual([]);
});

test("the chart runs the operator, and the operator runs the rest, from the images that are built, each in its place", () => {
  const { image } = parse(read("charts/taskassistant-operator/values.yaml")) as { image: { repository: string } };
  expect(`${image.repository}:${VERSION}`).toBe(releasedReference("operator"));
  const parts = Object.entries(RELEASE_PARTS).map(([part, name]) => [part, releasedReference(name)]);
  expect(CATALOGUE[BUNDLED_VERSION]).toEqual(Object.fromEntries(parts));
});

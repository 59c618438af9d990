import { globSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { BUNDLED_VERSION, CATALOGUE } from "../operator/src/releases/index.ts";
import { read, root } from "./docs/texts.ts";
import { POSTGRES_IMAGE, VERSION } from "./images/catalogue.ts";

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
    "services/api/src/http/openapi.ts",
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

test("the operator runs the images that are built: of this version, on the same PostgreSQL", () => {
  const { postgres, ...ours } = CATALOGUE[BUNDLED_VERSION] ?? {};
  expect(postgres).toBe(POSTGRES_IMAGE);
  const tags = Object.values(ours).map((image) => image.slice(image.lastIndexOf(":") + 1));
  expect(tags).toEqual(["frontend", "api", "mcp", "modelDemo"].map(() => VERSION));
});

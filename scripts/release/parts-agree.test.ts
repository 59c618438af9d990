import { globSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { BUNDLED_VERSION, CATALOGUE } from "../../operator/src/releases/index.ts";
import { COMPATIBLE_FROM, SCHEMA_VERSION } from "../../packages/db/src/schema-version.ts";
import { read, root, trackedFiles } from "../docs/texts.ts";
import { RELEASE_PARTS, releasedReference } from "../images/catalogue.ts";
import { VERSION } from "../images/version.ts";

type Package = { version?: string; workspaces?: string[] } & Partial<
  Record<"dependencies" | "devDependencies", Record<string, string>>
>;
const json = (path: string): Package => JSON.parse(read(path));

const { version: released, workspaces: patterns = [] } = json("package.json");
const workspaces = patterns.flatMap((pattern) => globSync(`${pattern}/package.json`, { cwd: root }));

test("every part of the release has the same version", () => {
  const chart = parse(read("charts/taskassistant-operator/Chart.yaml")) as { version: string; appVersion: string };
  const found = [
    ...workspaces.map((path) => [path, json(path).version]),
    ["scripts/images/version.ts", VERSION],
    ["operator/src/releases/catalogue.ts", BUNDLED_VERSION],
    ["Chart.yaml, version", chart.version],
    ["Chart.yaml, appVersion", chart.appVersion],
  ];
  expect(workspaces.length).toBeGreaterThanOrEqual(10);
  expect(found.filter(([, version]) => version !== released)).toEqual([]);
});

test("no source repeats the version, which comes from package.json", () => {
  const sources = trackedFiles("operator/src", "services", "packages", "scripts").filter(
    (path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path),
  );
  const written = new RegExp(`\\b(?:version: |VERSION = )"${released?.replaceAll(".", "\\.")}"`, "i");
  expect(sources.length).toBeGreaterThan(100);
  expect(sources.filter((path) => written.test(read(path)))).toEqual([]);
});

test("the Dockerfile copies the package.json of every workspace, since npm ci needs them all", () => {
  const dockerfile = read("Dockerfile");
  expect(workspaces.filter((path) => !dockerfile.includes(`COPY ${path} `))).toEqual([]);
});

test("the images of the services carry the schemas that their code works with", () => {
  const { min, max } = SCHEMA_VERSION;
  const label = `LABEL dev.taskassistant.schema.min=${min} dev.taskassistant.schema.max=${max} dev.taskassistant.schema.compatible-from=${COMPATIBLE_FROM}`;
  const stages = read("Dockerfile").split(/^FROM /m);
  const labelled = stages.filter((stage) => stage.includes(`\n${label}\n`)).map((stage) => /AS (\S+)/.exec(stage)?.[1]);
  expect(labelled).toEqual(["api", "mcp", "frontend"]);
});

test("workspaces depend on each other in this version", () => {
  const wrong = workspaces.flatMap((path) =>
    Object.entries({ ...json(path).dependencies, ...json(path).devDependencies })
      .filter(([name, version]) => name.startsWith("@taskassistant/") && version !== released)
      .map(([name, version]) => `${path}: ${name} ${version}`),
  );
  expect(wrong).toEqual([]);
});

test("the chart and the operator use the images that are built, and know their schema", () => {
  const { image } = parse(read("charts/taskassistant-operator/values.yaml")) as { image: { repository: string } };
  expect(`${image.repository}:${VERSION}`).toBe(releasedReference("operator"));
  const parts = Object.entries(RELEASE_PARTS).map(([part, name]) => [part, releasedReference(name)]);
  const { min, max } = SCHEMA_VERSION;
  expect(CATALOGUE.releases[BUNDLED_VERSION]?.schema).toEqual({ min, max, compatibleFrom: COMPATIBLE_FROM });
  const example = `schema: {min: ${min}, max: ${max}, compatibleFrom: ${COMPATIBLE_FROM}}`;
  expect(read("docs/how-to/upgrade.md")).toContain(example);
  expect(CATALOGUE.releases[BUNDLED_VERSION]?.images).toEqual(Object.fromEntries(parts));
});

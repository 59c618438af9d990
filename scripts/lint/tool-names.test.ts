import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { TOOL_IDS, TOOLS } from "@taskassistant/contracts";
import { expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const CATALOGUE = "packages/contracts/src/tools/catalogue.ts";

/** Every source of a program or package but tests, which check names as they are on the wire. */
const sources = globSync("{packages,services,operator,cluster,scripts}/**/*.{ts,tsx,mjs,js}", {
  cwd: root,
  exclude: (path) => /(^|\/)(node_modules|dist|\.next|test)$/.test(path),
}).filter((file) => file !== CATALOGUE && !/\.test\.tsx?$/.test(file));

it.each(TOOL_IDS)("only the catalogue spells the name of %s", (id) => {
  const name = new RegExp(`\\b${TOOLS[id].name}\\b`);
  expect(sources.filter((file) => name.test(readFileSync(join(root, file), "utf8")))).toEqual([]);
});

it("the sources of every program are searched", () => {
  for (const folder of ["packages/tasks/src", "services/api/src", "services/mcp/src", "services/frontend/features"]) {
    expect(sources.filter((file) => file.startsWith(`${folder}/`)).length, folder).toBeGreaterThan(5);
  }
});

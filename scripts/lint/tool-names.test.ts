import { readFileSync } from "node:fs";
import { TOOL_IDS, TOOLS } from "@taskassistant/contracts";
import { expect, it } from "vitest";
import { productSources } from "./product-sources.ts";

const CATALOGUE = "packages/contracts/src/tools/catalogue.ts";

/** Tests are left out, because they check names as they are on the wire. */
const sources = productSources().filter(({ path }) => path !== CATALOGUE);

it.each(TOOL_IDS)("only the catalogue spells the name of %s", (id) => {
  const name = new RegExp(`\\b${TOOLS[id].name}\\b`);
  expect(sources.filter(({ file }) => name.test(readFileSync(file, "utf8"))).map(({ path }) => path)).toEqual([]);
});

it("the sources of every program are searched", () => {
  for (const folder of ["packages/tasks/src", "services/api/src", "services/mcp/src", "services/frontend/features"]) {
    expect(sources.filter(({ path }) => path.startsWith(`${folder}/`)).length, folder).toBeGreaterThan(5);
  }
});

import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
let tree: string;

/** Lints one planted file under the project's own rules and returns what the linter said. */
function lint(file: string, imported: string): string {
  const path = join(tree, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `import { planted } from "${imported}";\n\nplanted();\n`);
  const result = spawnSync(join(root, "node_modules/.bin/biome"), ["lint", file], { cwd: tree, encoding: "utf8" });
  rmSync(path);
  return result.stdout + result.stderr;
}

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), "arrows-"));
  for (const name of ["biome.json", ".gitignore"]) copyFileSync(join(root, name), join(tree, name));
});
afterAll(() => rmSync(tree, { recursive: true, force: true }));

describe("the arrows between folders", () => {
  it.each([
    ["packages/contracts/src/planted.ts", "@taskassistant/db"],
    ["packages/contracts/src/planted.ts", "node:fs"],
    ["packages/db/src/planted.ts", "@taskassistant/tasks"],
    ["packages/tasks/src/planted.ts", "@taskassistant/kit"],
    ["packages/kit/src/planted.ts", "@taskassistant/db"],
    ["services/api/src/http/planted.ts", "@taskassistant/frontend"],
    ["services/mcp/src/planted.ts", "@taskassistant/api"],
    ["services/api/src/planted.ts", "../../mcp/src/index.ts"],
    ["services/api/src/http/planted.ts", "../../../mcp/src/index.ts"],
    ["services/mcp/src/planted.ts", "../../frontend/server/env.ts"],
    ["packages/db/src/planted.ts", "../../tasks/src/index.ts"],
    ["packages/db/src/migrate/planted.ts", "../../../tasks/src/index.ts"],
    ["services/frontend/components/planted.ts", "@taskassistant/operator"],
    ["operator/src/kube/planted.ts", "../runtime/workers/queue.ts"],
    ["operator/src/runtime/planted.ts", "../assistants/desired/names.ts"],
    ["operator/src/runtime/planted.ts", "../main.ts"],
    ["operator/src/assistants/desired/planted.ts", "../plan/plan.ts"],
    ["operator/src/assistants/desired/planted.ts", "node:fs/promises"],
    ["operator/src/assistants/desired/planted.ts", "../../runtime/index.ts"],
    ["operator/src/assistants/planted.ts", "../main.ts"],
  ])("refuses that %s imports %s", (file, imported) => {
    expect(lint(file, imported)).toContain("noRestrictedImports");
  });

  it.each([
    ["packages/db/src/planted.ts", "@taskassistant/contracts"],
    ["packages/tasks/src/planted.ts", "@taskassistant/db"],
    ["services/api/src/planted.ts", "@taskassistant/tasks"],
    ["operator/src/assistants/plan/planted.ts", "../desired/names.ts"],
  ])("lets %s import %s", (file, imported) => {
    expect(lint(file, imported)).not.toContain("noRestrictedImports");
  });
});

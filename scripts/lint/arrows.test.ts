import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOMS } from "./arrows.ts";

const root = resolve(import.meta.dirname, "../..");

/** Every planted import is a file of its own in a copy of the tree's folders; one run of the linter judges them all. */
const plants = ROOMS.flatMap(({ folder, planted, allowed = [] }) => [
  ...planted.map((imported) => ({ folder, imported, refused: true })),
  ...allowed.map((imported) => ({ folder, imported, refused: false })),
]).map((plant, index) => ({ ...plant, file: `${plant.folder}/planted-${index}.ts` }));

let tree: string;
let refusedFiles: ReadonlySet<string>;

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), "arrows-"));
  for (const name of ["biome.json", "biome.arrows.gen.json", ".gitignore"])
    copyFileSync(join(root, name), join(tree, name));
  for (const { file, imported } of plants) {
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    writeFileSync(join(tree, file), `import { planted } from "${imported}";\n\nplanted();\n`);
  }
  refusedFiles = lintedFiles();
});
afterAll(() => rmSync(tree, { recursive: true, force: true }));

/** Files in which the linter found a refused import. */
function lintedFiles(): ReadonlySet<string> {
  const biome = join(root, "node_modules/.bin/biome");
  const { stdout } = spawnSync(biome, ["lint", "--reporter=json", "--max-diagnostics=none", "."], {
    cwd: tree,
    encoding: "utf8",
    maxBuffer: 64 << 20,
  });
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: readonly { category: string; location: { path: string | { file: string } } }[];
  };
  return new Set(
    diagnostics
      .filter(({ category }) => category === "lint/style/noRestrictedImports")
      .map(({ location: { path } }) => (typeof path === "string" ? path : path.file)),
  );
}

describe("the arrows between rooms", () => {
  it.each(plants.filter(({ refused }) => refused))("refuse $imported in $folder", ({ file }) => {
    expect(refusedFiles).toContain(file);
  });

  it.each(plants.filter(({ refused }) => !refused))("allow $imported in $folder", ({ file }) => {
    expect(refusedFiles).not.toContain(file);
  });

  it.each(ROOMS)("name a folder that exists: $folder", ({ folder, planted }) => {
    expect(existsSync(join(root, folder))).toBe(true);
    expect(planted).not.toHaveLength(0);
  });
});

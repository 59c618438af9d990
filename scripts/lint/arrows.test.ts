import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOMS } from "./arrows.ts";

const root = resolve(import.meta.dirname, "../..");

/** Every planted import is a file of its own in a copy of the tree's folders; one run of the linter judges them all. */
const plants = ROOMS.flatMap(({ folder, planted, allowed = [], allowedTypes = [] }) => [
  ...planted.map((imported) => ({ folder, imported, refused: true, source: importOf("planted", imported) })),
  ...allowed.map((imported) => ({ folder, imported, refused: false, source: importOf("planted", imported) })),
  ...allowedTypes.map((imported) => ({ folder, imported, refused: false, source: importOf("Planted", imported) })),
]).map((plant, index) => ({ ...plant, file: `${plant.folder}/planted-${index}.ts` }));

/** A file that imports a value, or a type when the name is that of one. */
function importOf(name: "planted" | "Planted", imported: string): string {
  if (name === "planted") return `import { planted } from "${imported}";\n\nplanted();\n`;
  return `import type { Planted } from "${imported}";\n\nexport type Same = Planted;\n`;
}

/** Two files that import each other. */
const CIRCLE = ["one", "two"].map((name, index, names) => ({
  file: `packages/kit/src/circle-${name}.ts`,
  text: `import { value as other } from "./circle-${names[1 - index]}.ts";\n\nexport const value = () => other;\n`,
}));

let tree: string;
let refusedFiles: ReadonlySet<string>;
let circularFiles: ReadonlySet<string>;

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), "arrows-"));
  for (const name of ["biome.json", "biome.arrows.gen.json", ".gitignore"])
    copyFileSync(join(root, name), join(tree, name));
  for (const { file, source } of plants) {
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    writeFileSync(join(tree, file), source);
  }
  for (const { file, text } of CIRCLE) writeFileSync(join(tree, file), text);
  ({ refused: refusedFiles, circular: circularFiles } = lint());
});
afterAll(() => rmSync(tree, { recursive: true, force: true }));

/** Runs the linter over the tree and sorts the files by what it found in them. */
function lint(): { refused: ReadonlySet<string>; circular: ReadonlySet<string> } {
  const biome = join(root, "node_modules/.bin/biome");
  const { stdout } = spawnSync(biome, ["lint", "--reporter=json", "--max-diagnostics=none", "."], {
    cwd: tree,
    encoding: "utf8",
    maxBuffer: 64 << 20,
  });
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: readonly { category: string; location: { path: string | { file: string } } }[];
  };
  const filesWith = (rule: string) =>
    new Set(
      diagnostics
        .filter(({ category }) => category === rule)
        .map(({ location: { path } }) => (typeof path === "string" ? path : path.file)),
    );
  return {
    refused: filesWith("lint/style/noRestrictedImports"),
    circular: filesWith("lint/suspicious/noImportCycles"),
  };
}

describe("the arrows between rooms", () => {
  it.each(plants.filter(({ refused }) => refused))("refuse $imported in $folder", ({ file }) => {
    expect(refusedFiles).toContain(file);
  });

  it.each(plants.filter(({ refused }) => !refused))("allow $imported in $folder", ({ file }) => {
    expect(refusedFiles).not.toContain(file);
  });

  it("refuse files that import each other", () => {
    expect([...circularFiles].toSorted()).toEqual(CIRCLE.map(({ file }) => file));
  });

  it.each(ROOMS)("name a folder that exists: $folder", ({ folder, planted }) => {
    expect(existsSync(join(root, folder))).toBe(true);
    expect(planted).not.toHaveLength(0);
  });
});

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { renderOpenApi } from "../../services/api/src/index.ts";
import { generatedFiles as crdFiles } from "../generate-crd.ts";
import { environmentReference } from "./environment.ts";

/**
 * Writes every generated file; with `--check` writes nothing and fails when one is stale. This is the one list of what is
 * generated: never edit these files by hand.
 */
const root = resolve(import.meta.dirname, "../..");
const check = process.argv.includes("--check");

const files: Record<string, string> = {
  ...crdFiles(),
  "docs/reference/environment.md": environmentReference(),
  "docs/reference/openapi.gen.json": renderOpenApi(),
};

const stale = Object.entries(files).filter(([path, content]) => current(path) !== content);
if (check && stale.length > 0) {
  console.error(`stale, run \`make generate\`:\n${stale.map(([path]) => `  ${path}`).join("\n")}`);
  process.exit(1);
}
for (const [path, content] of stale) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}
console.log(stale.length === 0 ? "generated files are current" : `wrote ${stale.map(([path]) => path).join(", ")}`);

function current(path: string): string | undefined {
  try {
    return readFileSync(join(root, path), "utf8");
  } catch {
    return undefined;
  }
}

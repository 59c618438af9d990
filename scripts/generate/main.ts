import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { generatedFiles } from "./files.ts";

/** `make generate` writes every generated file. With `--check` it writes nothing and fails if one is stale. */
const root = resolve(import.meta.dirname, "../..");
const check = process.argv.includes("--check");

const stale = Object.entries(generatedFiles()).filter(([path, content]) => current(path) !== content);
if (check && stale.length > 0) {
  console.error(
    `these generated files are stale; run \`make generate\`:\n${stale.map(([path]) => `  ${path}`).join("\n")}`,
  );
  process.exit(1);
}
for (const [path, content] of stale) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}
console.log(stale.length === 0 ? "all generated files are current" : `wrote ${stale.map(([path]) => path).join(", ")}`);

function current(path: string): string | undefined {
  try {
    return readFileSync(join(root, path), "utf8");
  } catch {
    return undefined;
  }
}

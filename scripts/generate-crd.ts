/**
 * Makes everything that follows from the API definition in crds/: TypeScript types, reference documentation and the
 * chart's copy. `--check` writes nothing and fails when a generated file is stale.
 *   scripts/with-node node scripts/generate-crd.ts [--check]
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { REASONS } from "../operator/src/api/v1alpha1/reasons.ts";
import { chartTemplate } from "./generate-crd/chart.ts";
import { conditionsReference } from "./generate-crd/conditions.ts";
import { type CustomResourceDefinition, readDefinition } from "./generate-crd/definition.ts";
import { reference } from "./generate-crd/reference.ts";
import { typescriptTypes } from "./generate-crd/types.ts";

const root = join(import.meta.dirname, "..");

/** Path below the repository -> content of every generated file. */
export function generatedFiles(): Record<string, string> {
  const definition: CustomResourceDefinition = readDefinition(
    readFileSync(join(root, "crds/taskassistants.yaml"), "utf8"),
  );
  return {
    "operator/src/api/v1alpha1/types.gen.ts": typescriptTypes(definition),
    "docs/reference/taskassistant.md": reference(definition),
    "docs/reference/conditions.md": conditionsReference(REASONS),
    "charts/taskassistant-operator/templates/crd-taskassistants.yaml": chartTemplate(definition),
  };
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const check = process.argv.includes("--check");
  const stale: string[] = [];
  for (const [path, content] of Object.entries(generatedFiles())) {
    const target = join(root, path);
    if (read(target) === content) continue;
    stale.push(path);
    if (check) continue;
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
  }
  if (check && stale.length > 0) {
    console.error(`stale, run \`make generate\`:\n${stale.map((path) => `  ${path}`).join("\n")}`);
    process.exitCode = 1;
  } else {
    console.log(stale.length === 0 ? "generated files are current" : `wrote ${stale.join(", ")}`);
  }
}

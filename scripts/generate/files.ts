import { renderOpenApi } from "../../services/api/src/index.ts";
import { arrowRules } from "../lint/biome-rules.ts";
import { crdFiles } from "./crd/index.ts";
import { environmentReference } from "./environment.ts";
import { migrationChain } from "./migrations.ts";
import { modelServersReference } from "./model-servers.ts";
import { permissionsTemplate } from "./permissions.ts";

/** The content of every generated file, by its path below the repository. */
export function generatedFiles(): Record<string, string> {
  return {
    ...crdFiles(),
    "biome.arrows.gen.json": arrowRules(),
    "charts/taskassistant-operator/templates/_permissions.tpl": permissionsTemplate(),
    "docs/reference/environment.md": environmentReference(),
    "docs/reference/model-servers.md": modelServersReference(),
    "docs/reference/openapi.gen.json": renderOpenApi(),
    "packages/db/src/migrations/chain.gen.ts": migrationChain(),
  };
}

import { renderOpenApi } from "../../services/api/src/index.ts";
import { arrowRules } from "../lint/biome-rules.ts";
import { crdFiles } from "./crd/index.ts";
import { environmentReference } from "./environment.ts";

/** The one list of what is generated: path below the repository -> content. Never edit these files by hand. */
export function generatedFiles(): Record<string, string> {
  return {
    ...crdFiles(),
    "biome.arrows.gen.json": arrowRules(),
    "docs/reference/environment.md": environmentReference(),
    "docs/reference/openapi.gen.json": renderOpenApi(),
  };
}

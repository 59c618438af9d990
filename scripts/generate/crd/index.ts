import { readFileSync } from "node:fs";
import { REASONS } from "../../../operator/src/api/taskassistants/v1alpha1/reasons.ts";
import { chartTemplate } from "./chart.ts";
import { conditionsReference } from "./conditions.ts";
import { readDefinition } from "./definition.ts";
import { reference } from "./reference.ts";
import { typescriptTypes } from "./types.ts";

const DEFINITION = new URL("../../../crds/taskassistants.yaml", import.meta.url);

/** The files generated from the API definition in crds/ and the catalogue of reasons, by their path below the repository. */
export function crdFiles(): Record<string, string> {
  const definition = readDefinition(readFileSync(DEFINITION, "utf8"));
  return {
    "operator/src/api/taskassistants/v1alpha1/types.gen.ts": typescriptTypes(definition),
    "docs/reference/taskassistant.md": reference(definition),
    "docs/reference/conditions.md": conditionsReference(REASONS),
    "charts/taskassistant-operator/templates/crd-taskassistants.yaml": chartTemplate(definition),
  };
}

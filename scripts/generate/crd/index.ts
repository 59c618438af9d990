import { readFileSync } from "node:fs";
import { BACKUP_REASONS } from "../../../operator/src/api/backups/v1alpha1/reasons.ts";
import { RESTORE_REASONS } from "../../../operator/src/api/restores/v1alpha1/reasons.ts";
import { REASONS } from "../../../operator/src/api/taskassistants/v1alpha1/reasons.ts";
import { chartTemplate } from "./chart.ts";
import { conditionsReference } from "./conditions.ts";
import { readDefinition } from "./definition.ts";
import { reference } from "./reference.ts";
import { typescriptTypes } from "./types.ts";

/** Each definition in crds/, and the room of its types below operator/src/api/. */
const DEFINITIONS = [
  { name: "taskassistants", room: "taskassistants" },
  { name: "taskassistantbackups", room: "backups" },
  { name: "taskassistantrestores", room: "restores" },
] as const;

/** The files generated from the API definitions in crds/ and the catalogues of reasons, by their path below the repository. */
export function crdFiles(): Record<string, string> {
  const files = DEFINITIONS.flatMap(({ name, room }) => {
    const definition = readDefinition(readFileSync(new URL(`../../../crds/${name}.yaml`, import.meta.url), "utf8"));
    return [
      [`operator/src/api/${room}/v1alpha1/types.gen.ts`, typescriptTypes(definition)],
      [`docs/reference/${definition.spec.names.kind.toLowerCase()}.md`, reference(definition)],
      [`charts/taskassistant-operator/templates/crd-${name}.yaml`, chartTemplate(definition)],
    ] as const;
  });
  const conditions = conditionsReference({
    TaskAssistant: REASONS,
    TaskAssistantBackup: BACKUP_REASONS,
    TaskAssistantRestore: RESTORE_REASONS,
  });
  return { ...Object.fromEntries(files), "docs/reference/conditions.md": conditions };
}

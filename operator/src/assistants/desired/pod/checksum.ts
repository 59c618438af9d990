import { createHash } from "node:crypto";
import { type Child, isWorkload, podTemplateOf } from "../../../kinds/index.ts";
import type { PodTemplate } from "../../../kube/objects.ts";
import type { DataKey, DataKind } from "../input.ts";
import { variableSource } from "./user-env.ts";

/** Pod-template annotation that changes when a value changes that the pod takes from a Secret or ConfigMap. */
export const DATA_CHECKSUM = "taskassistant.dev/secrets-checksum";

interface DataUse extends DataKey {
  readonly optional: boolean;
}

/** Every key a pod uses, taken from the pod itself so that no reference can be forgotten. */
function dataUsed(template: PodTemplate): DataUse[] {
  const uses = new Map<string, DataUse>();
  const add = (kind: DataKind, name: string | undefined, key: string, optional: boolean | undefined): void => {
    if (name !== undefined) uses.set(`${kind} ${name}/${key}`, { kind, name, key, optional: optional === true });
  };
  for (const container of template.spec?.containers ?? []) {
    for (const { valueFrom } of container.env ?? []) {
      const source = variableSource(valueFrom);
      if (source !== undefined) add(source.kind, source.name, source.key, source.optional);
    }
  }
  for (const { secret } of template.spec?.volumes ?? []) {
    for (const item of secret?.items ?? []) add("Secret", secret?.secretName, item.key, secret?.optional);
  }
  return [...uses.values()].sort((a, b) => lineOf(a).localeCompare(lineOf(b), "en"));
}

function lineOf({ kind, name, key }: DataKey): string {
  return kind === "Secret" ? `${name}/${key}` : `${kind} ${name}/${key}`;
}

/** Keys of Secrets and ConfigMaps the pods of a child can't run without and that do not exist. */
export function missingData(child: Child, fingerprint: (key: DataKey) => string | undefined): readonly DataKey[] {
  if (!isWorkload(child)) return [];
  const template = podTemplateOf(child);
  if (template === undefined) return [];
  return dataUsed(template).filter((use) => !use.optional && fingerprint(use) === undefined);
}

/** The template with the checksum of the values it uses. The fingerprints are keyed, so it reveals nothing. */
export function withDataChecksum(
  template: PodTemplate,
  fingerprint: (key: DataKey) => string | undefined,
): PodTemplate {
  const uses = dataUsed(template);
  if (uses.length === 0) return template;
  const lines = uses.map((use) => `${lineOf(use)}=${fingerprint(use) ?? ""}`);
  const checksum = createHash("sha256").update(lines.join("\n")).digest("hex").slice(0, 32);
  const annotations = { ...template.metadata?.annotations, [DATA_CHECKSUM]: checksum };
  return { ...template, metadata: { ...template.metadata, annotations } };
}

import { createHash } from "node:crypto";
import { type Child, isWorkload, podTemplateOf } from "../../../kinds/index.ts";
import type { PodTemplate } from "../../../kube/objects.ts";
import type { SecretKey } from "../input.ts";

/** Pod-template annotation that changes when a Secret value used by the pod changes. */
export const SECRETS_CHECKSUM = "taskassistant.dev/secrets-checksum";

interface SecretUse extends SecretKey {
  readonly optional: boolean;
}

/** Every Secret key a pod uses, taken from the pod itself so that no reference can be forgotten. */
function secretsUsed(template: PodTemplate): SecretUse[] {
  const uses = new Map<string, SecretUse>();
  const add = (name: string | undefined, key: string, optional: boolean | undefined): void => {
    if (name !== undefined) uses.set(`${name}/${key}`, { name, key, optional: optional === true });
  };
  for (const container of template.spec?.containers ?? []) {
    for (const { valueFrom } of container.env ?? []) {
      const reference = valueFrom?.secretKeyRef;
      if (reference !== undefined) add(reference.name, reference.key, reference.optional);
    }
  }
  for (const { secret } of template.spec?.volumes ?? []) {
    for (const item of secret?.items ?? []) add(secret?.secretName, item.key, secret?.optional);
  }
  return [...uses.values()].sort((a, b) => `${a.name}/${a.key}`.localeCompare(`${b.name}/${b.key}`, "en"));
}

/** Secret keys the pods of a child can't run without and that do not exist. */
export function missingSecrets(
  child: Child,
  fingerprint: (key: SecretKey) => string | undefined,
): readonly SecretKey[] {
  if (!isWorkload(child)) return [];
  const template = podTemplateOf(child);
  if (template === undefined) return [];
  return secretsUsed(template).filter((use) => !use.optional && fingerprint(use) === undefined);
}

/** The template with the checksum of the Secret values it uses. The fingerprints are keyed, so it reveals nothing. */
export function withSecretsChecksum(
  template: PodTemplate,
  fingerprint: (key: SecretKey) => string | undefined,
): PodTemplate {
  const uses = secretsUsed(template);
  if (uses.length === 0) return template;
  const lines = uses.map((use) => `${use.name}/${use.key}=${fingerprint(use) ?? ""}`);
  const checksum = createHash("sha256").update(lines.join("\n")).digest("hex").slice(0, 32);
  const annotations = { ...template.metadata?.annotations, [SECRETS_CHECKSUM]: checksum };
  return { ...template, metadata: { ...template.metadata, annotations } };
}

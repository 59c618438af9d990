import { type TaskAssistantSpec, TIERS } from "../../api/taskassistants/v1alpha1/index.ts";
import { SECRET_KEYS } from "../desired/index.ts";
import type { Observed } from "../observe/snapshot.ts";
import { type Finding, finding } from "../report/conditions.ts";

/** A key of a Secret that the user brings, and which field names it. */
export interface UserSecretRef {
  readonly path: string;
  readonly name: string;
  readonly key: string;
}

/** Every Secret key without which the spec can't be carried out. */
export function userSecretRefs(spec: TaskAssistantSpec): UserSecretRef[] {
  const refs: UserSecretRef[] = [];
  const add = (path: string, name: string | undefined, ...keys: string[]): void => {
    if (name !== undefined) refs.push(...keys.map((key) => ({ path, name, key })));
  };
  const { model, auth, database } = spec;
  if (database.external !== undefined) {
    add("database.external.secretRef", database.external.secretRef.name, "uri");
    const ca = database.external.caBundleRef;
    if (ca !== undefined) add("database.external.caBundleRef", ca.name, ca.key);
  }
  add("auth.secretRef", auth.secretRef?.name, SECRET_KEYS.authSecret);
  add("auth.initialUser.secretRef", auth.initialUser?.secretRef.name, "email", "password");
  if (model.apiKeySecretRef !== undefined) {
    add("model.apiKeySecretRef", model.apiKeySecretRef.name, model.apiKeySecretRef.key);
  }
  for (const tier of TIERS) {
    for (const { name, valueFrom } of spec[tier]?.env ?? []) {
      const ref = valueFrom?.secretKeyRef;
      if (ref !== undefined) add(`${tier}.env[${name}]`, ref.name, ref.key);
    }
  }
  return refs;
}

/** Names of all Secrets whose changes concern the resource. */
export function watchedSecretNames(spec: TaskAssistantSpec): string[] {
  const names = userSecretRefs(spec).map(({ name }) => name);
  const tls = spec.exposure.tls?.secretName;
  return [...new Set(tls === undefined ? names : [...names, tls])];
}

/** What to say about missing Secrets or keys; undefined when all are there. */
export function missingUserSecrets({ assistant, secret }: Observed): Finding | undefined {
  const bySecret = Map.groupBy(
    userSecretRefs(assistant.spec).filter(({ name, key }) => secret(name)?.fingerprints[key] === undefined),
    ({ name }) => name,
  );
  if (bySecret.size === 0) return undefined;
  const namespace = assistant.metadata.namespace ?? "";
  const sentences = [...bySecret].map(([name, refs]) => sentence(namespace, name, refs, secret(name) !== undefined));
  const absent = [...bySecret.keys()].some((name) => secret(name) === undefined);
  return finding("Accepted", absent ? "SecretNotFound" : "SecretKeyNotFound", sentences.join(" "));
}

function sentence(namespace: string, name: string, refs: readonly UserSecretRef[], exists: boolean): string {
  const keys = [...new Set(refs.map(({ key }) => key))];
  const paths = [...new Set(refs.map(({ path }) => `spec.${path}`))].join(", ");
  const many = keys.length === 1 ? "key" : "keys";
  if (!exists) {
    const literals = keys.map((key) => `--from-literal=${key}=VALUE`).join(" ");
    return `Secret ${name} (${many} ${keys.join(", ")}), named by ${paths}, doesn't exist. Next: kubectl -n ${namespace} create secret generic ${name} ${literals}.`;
  }
  const data = keys.map((key) => `"${key}":"VALUE"`).join(",");
  return `Secret ${name} has no ${many} ${keys.join(", ")}, named by ${paths}. Next: kubectl -n ${namespace} patch secret ${name} -p '{"stringData":{${data}}}', or name the right key.`;
}

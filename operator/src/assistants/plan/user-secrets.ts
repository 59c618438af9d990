import { type UserSecretRef, userSecretRefs } from "../desired/index.ts";
import type { Observed } from "../observe/snapshot.ts";
import { type Finding, finding } from "../report/conditions.ts";

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

import { databaseMode, type GeneratedSecret, generatedSecrets, namesOf } from "../desired/index.ts";
import type { Observed } from "../observe/snapshot.ts";
import { type Finding, finding } from "../report/conditions.ts";

/** What to do about the Secrets the operator makes. */
export interface CredentialPlan {
  readonly create: readonly GeneratedSecret[];
  /** They are gone and must not be made anew. */
  readonly missing?: Finding;
}

/**
 * Generated Secrets are made once. Those that existing data depends on are never made again: with other passwords and
 * another encryption key the data would be locked away behind a resource that looks healthy.
 */
export function planCredentials(observed: Observed): CredentialPlan {
  const { metadata, spec } = observed.assistant;
  const create: GeneratedSecret[] = [];
  const lost: string[] = [];
  for (const wanted of generatedSecrets(metadata.name, spec)) {
    const live = observed.secret(wanted.name);
    const keys = Object.keys(wanted.keys).filter((key) => live?.fingerprints[key] === undefined);
    if (keys.length === 0) continue;
    if (live === undefined && !(wanted.credential && dataExists(observed))) create.push(wanted);
    else
      lost.push(
        live === undefined ? `Secret ${wanted.name} is missing` : `Secret ${wanted.name} has no ${keys.join(", ")}`,
      );
  }
  return lost.length === 0 ? { create } : { create, missing: missing(observed, lost) };
}

/** Whether data of this assistant exists that only its credentials open. */
export function dataExists({ assistant, volume }: Observed): boolean {
  const { database } = assistant.status ?? {};
  return volume !== undefined || database?.volume !== undefined || database?.migration !== undefined;
}

function missing(observed: Observed, lost: readonly string[]): Finding {
  const { name, namespace } = observed.assistant.metadata;
  const names = namesOf(name);
  const kubectl = `kubectl -n ${namespace}`;
  const secrets = `${names.databaseSecret} ${names.authSecret}`;
  const discard = databaseMode(observed.assistant.spec).discard(name, kubectl);
  const giveUp = `${kubectl} delete ta ${name}; ${discard}; ${kubectl} delete secret ${secrets} --ignore-not-found`;
  return finding(
    "DatabaseReady",
    "CredentialsMissing",
    `${lost.join(", ")}, and the data can only be opened with it. Restore it from your backup: ${kubectl} apply -f SECRET.yaml. Or give the data up: ${giveUp}; then create the TaskAssistant again.`,
  );
}

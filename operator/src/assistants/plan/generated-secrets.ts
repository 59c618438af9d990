import { type GeneratedSecret, generatedSecrets } from "../desired/index.ts";
import { ownVolume, type Snapshot } from "../observe/snapshot.ts";

/** A generated Secret that existing data needs and that is gone, or lacks keys. */
export interface LostCredential {
  readonly secret: string;
  /** Empty if the whole Secret is gone. */
  readonly missingKeys: readonly string[];
}

/** What to do about the Secrets that the operator generates. */
export interface CredentialPlan {
  readonly create: readonly GeneratedSecret[];
  readonly lost: readonly LostCredential[];
}

/**
 * Secrets are generated once. Those that existing data depends on are never generated again, because with other passwords
 * and another encryption key the data would be inaccessible while the resource looks healthy.
 */
export function planCredentials(snapshot: Snapshot): CredentialPlan {
  const { metadata, spec } = snapshot.assistant;
  const create: GeneratedSecret[] = [];
  const lost: LostCredential[] = [];
  for (const wanted of generatedSecrets(metadata.name, spec)) {
    const live = snapshot.secrets.get(wanted.name);
    const missingKeys = Object.keys(wanted.keys).filter((key) => live?.fingerprints[key] === undefined);
    if (missingKeys.length === 0) continue;
    if (live !== undefined) lost.push({ secret: wanted.name, missingKeys });
    else if (wanted.credential && dataExists(snapshot)) lost.push({ secret: wanted.name, missingKeys: [] });
    else create.push(wanted);
  }
  return { create, lost };
}

/** Whether data of this assistant exists that only its credentials open. */
function dataExists(snapshot: Snapshot): boolean {
  const { database } = snapshot.assistant.status ?? {};
  return ownVolume(snapshot) !== undefined || database?.volume !== undefined || database?.migration !== undefined;
}

import { databaseMode, extraBodyProblem, userSecretRefs, type Verdict } from "../desired/index.ts";
import type { Snapshot } from "../observe/snapshot.ts";
import type { LostCredential } from "./generated-secrets.ts";

/** A Secret that the spec names and that lacks something. */
export interface MissingUserSecret {
  readonly name: string;
  readonly exists: boolean;
  /** Empty when no certain key is needed. */
  readonly keys: readonly string[];
  /** The fields that name it, such as `spec.model.apiKeySecretRef`. */
  readonly paths: readonly string[];
}

/** Why the resource can't be carried out. */
export type AcceptedBlocker =
  | { readonly kind: "unsupportedVersion"; readonly knownVersions: readonly string[] }
  | { readonly kind: "userSecretsMissing"; readonly secrets: readonly MissingUserSecret[] }
  | {
      readonly kind: "databaseAddressInvalid";
      readonly secret: string;
      readonly key: string;
      readonly problem: string;
    }
  | { readonly kind: "fieldInvalid"; readonly path: string; readonly problem: string }
  | { readonly kind: "databaseAddressUnreadable"; readonly secret: string; readonly problem: string };

/** Why the data must not be used. */
export type DatabaseBlocker =
  | { readonly kind: "credentialsMissing"; readonly lost: readonly LostCredential[] }
  | { readonly kind: "dataUnusable"; readonly verdict: Verdict };

/** What only a person can remove, as data from which `report` makes a message. */
export interface Blockers {
  readonly accepted?: AcceptedBlocker;
  readonly database?: DatabaseBlocker;
}

/** The first blocker of each condition. `dataProblem`: why the data must not be used, if so. */
export function blockersOf(
  snapshot: Snapshot,
  lost: readonly LostCredential[],
  dataProblem: Verdict | undefined,
): Blockers {
  const accepted = missingUserSecrets(snapshot) ?? invalidField(snapshot) ?? unusableDatabaseAddress(snapshot);
  const database = missingCredentials(lost) ?? unusableData(dataProblem);
  return { ...(accepted === undefined ? {} : { accepted }), ...(database === undefined ? {} : { database }) };
}

function missingUserSecrets({ assistant, secrets }: Snapshot): AcceptedBlocker | undefined {
  const missing = userSecretRefs(assistant.spec).filter(
    ({ name, key }) => !secrets.has(name) || (key !== undefined && secrets.get(name)?.fingerprints[key] === undefined),
  );
  if (missing.length === 0) return undefined;
  const bySecret = Map.groupBy(missing, ({ name }) => name);
  return {
    kind: "userSecretsMissing",
    secrets: [...bySecret].map(([name, refs]) => ({
      name,
      exists: secrets.has(name),
      keys: [...new Set(refs.flatMap(({ key }) => key ?? []))],
      paths: [...new Set(refs.map(({ path }) => `spec.${path}`))],
    })),
  };
}

function invalidField({ assistant }: Snapshot): AcceptedBlocker | undefined {
  const problem = extraBodyProblem(assistant.spec.model.extraBody);
  return problem === undefined ? undefined : { kind: "fieldInvalid", path: "spec.model.extraBody", problem };
}

function unusableDatabaseAddress({ assistant, external }: Snapshot): AcceptedBlocker | undefined {
  const source = databaseMode(assistant.spec).addressSecret(assistant.spec);
  if (source === undefined || external === undefined || "endpoint" in external) return undefined;
  if ("unreadable" in external) {
    return { kind: "databaseAddressUnreadable", secret: source.name, problem: external.unreadable };
  }
  return { kind: "databaseAddressInvalid", secret: source.name, key: source.key, problem: external.problem };
}

function missingCredentials(lost: readonly LostCredential[]): DatabaseBlocker | undefined {
  return lost.length === 0 ? undefined : { kind: "credentialsMissing", lost };
}

function unusableData(verdict: Verdict | undefined): DatabaseBlocker | undefined {
  return verdict === undefined ? undefined : { kind: "dataUnusable", verdict };
}

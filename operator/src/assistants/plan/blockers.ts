import { scheduleProblem } from "../../backup-policy/index.ts";
import { type DataKind, databaseMode, extraBodyProblem, requiredUserRefs, type Verdict } from "../desired/index.ts";
import { dataOf, type Snapshot } from "../observe/snapshot.ts";
import { windowProblem } from "../upgrade/index.ts";
import type { LostCredential } from "./generated-secrets.ts";
import type { Unsupported } from "./upgrade-view.ts";

/** A Secret or ConfigMap that the spec names and that lacks something. */
export interface MissingUserData {
  readonly object: DataKind;
  readonly name: string;
  readonly exists: boolean;
  /** Empty when no certain key is needed. */
  readonly keys: readonly string[];
  /** The fields that name it, such as `spec.model.apiKeySecretRef`. */
  readonly paths: readonly string[];
}

/** Why the resource can't be carried out. */
export type AcceptedBlocker =
  | (Unsupported & { readonly knownVersions: readonly string[] })
  | { readonly kind: "userDataMissing"; readonly missing: readonly MissingUserData[] }
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
  const accepted = missingUserData(snapshot) ?? invalidField(snapshot) ?? unusableDatabaseAddress(snapshot);
  const database = missingCredentials(lost) ?? unusableData(dataProblem);
  return { ...(accepted === undefined ? {} : { accepted }), ...(database === undefined ? {} : { database }) };
}

function missingUserData(snapshot: Snapshot): AcceptedBlocker | undefined {
  const absent = requiredUserRefs(snapshot.assistant.spec).filter((ref) => {
    const found = dataOf(snapshot, ref);
    return found === undefined || (ref.key !== undefined && found.fingerprints[ref.key] === undefined);
  });
  const byObject = Map.groupBy(absent, ({ kind, name }) => `${kind} ${name}`);
  const missing = [...byObject.values()].flatMap(([ref, ...others]) => {
    if (ref === undefined) return [];
    const refs = [ref, ...others];
    return {
      object: ref.kind,
      name: ref.name,
      exists: dataOf(snapshot, ref) !== undefined,
      keys: [...new Set(refs.flatMap(({ key }) => key ?? []))],
      paths: [...new Set(refs.map(({ path }) => `spec.${path}`))],
    };
  });
  return missing.length === 0 ? undefined : { kind: "userDataMissing", missing };
}

function invalidField({ assistant }: Snapshot): AcceptedBlocker | undefined {
  const { model, upgrade, backup } = assistant.spec;
  const fields = [
    ["spec.model.extraBody", extraBodyProblem(model.extraBody)],
    ["spec.upgrade.window", windowProblem(upgrade.window)],
    ["spec.backup.schedule", scheduleProblem(backup)],
  ] as const;
  for (const [path, problem] of fields) if (problem !== undefined) return { kind: "fieldInvalid", path, problem };
  return undefined;
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

import { TIERS } from "../../api/taskassistants/v1alpha1/index.ts";
import type { Child } from "../../kinds/index.ts";
import {
  DATABASE_USERS,
  type DataObject,
  type DesiredChildren,
  databaseMode,
  envSources,
  missingData,
  namesOf,
  SERVERS,
  type Verdict,
} from "../desired/index.ts";
import { childId, dataOf, fingerprintOf, liveDatabase, liveJob, type Snapshot } from "../observe/snapshot.ts";
import { type UpgradeState, worksOnPresentSchema } from "../upgrade/index.ts";
import type { Freeze } from "./freeze.ts";
import type { CredentialPlan } from "./generated-secrets.ts";
import type { MigrationState } from "./migration.ts";
import { isStopped } from "./replicas.ts";

/** What a child waits for before it is applied. */
export type Gate =
  | { readonly kind: "data"; readonly source: DataObject; readonly key?: string }
  | { readonly kind: "credentials" | "dataVolume" | "removalOfFailedJob" | "resumption" | "database" | "migration" }
  /** A person has frozen the children. */
  | { readonly kind: Freeze };

/** What the gates are judged by. */
export interface Progress {
  readonly snapshot: Snapshot;
  readonly credentials: CredentialPlan;
  /** Why the data must not be used, if so. */
  readonly dataProblem: Verdict | undefined;
  readonly migration: MigrationState;
  readonly upgrade: UpgradeState;
}

type Rule = (progress: Progress, child: Child) => Gate | undefined;

/** What each group of children has to wait for, in order. */
const VOLUME: readonly Rule[] = [credentialsExist, dataIsUsable];
const DATABASE: readonly Rule[] = [usedDataExists, dataIsUsable];
const MIGRATION: readonly Rule[] = [usedDataExists, failedJobIsRemoved, isResumed, databaseAcceptsConnections];
const DATABASE_USER: readonly Rule[] = [usedDataExists, envSourcesExist, schemaIsReady];
const OTHER_SERVER: readonly Rule[] = [usedDataExists];

/** The children that have to wait, by `childId`. All others are applied. */
export function waiting(progress: Progress, desired: DesiredChildren): ReadonlyMap<string, Gate> {
  const groups: readonly (readonly [Child | undefined, readonly Rule[]])[] = [
    [desired.volume, VOLUME],
    [desired.database, DATABASE],
    [desired.migration, MIGRATION],
    [desired.maintenance, DATABASE_USER],
    ...SERVERS.map((server) => [desired.servers[server], usesDatabase(server) ? DATABASE_USER : OTHER_SERVER] as const),
  ];
  const held = new Map<string, Gate>();
  for (const [child, rules] of groups) {
    if (child === undefined) continue;
    const gate = firstGate(rules, progress, child);
    if (gate !== undefined) held.set(childId(child.kind, child.metadata.name), gate);
  }
  return held;
}

function firstGate(rules: readonly Rule[], progress: Progress, child: Child): Gate | undefined {
  for (const rule of rules) {
    const gate = rule(progress, child);
    if (gate !== undefined) return gate;
  }
  return undefined;
}

function usedDataExists({ snapshot }: Progress, child: Child): Gate | undefined {
  const [missing] = missingData(child, (key) => fingerprintOf(snapshot, key));
  if (missing === undefined) return undefined;
  const { key, kind, name } = missing;
  return { kind: "data", source: { kind, name }, key };
}

/** What becomes variables as a whole leaves no trace in a pod while it does not exist. */
function envSourcesExist({ snapshot }: Progress, child: Child): Gate | undefined {
  const { metadata, spec } = snapshot.assistant;
  const tier = TIERS.find((each) => namesOf(metadata.name).component(each) === child.metadata.name);
  const sources = tier === undefined ? [] : envSources(spec, tier);
  const missing = sources.find((source) => !source.optional && dataOf(snapshot, source) === undefined);
  return missing === undefined ? undefined : { kind: "data", source: { kind: missing.kind, name: missing.name } };
}

function credentialsExist({ credentials }: Progress): Gate | undefined {
  const areCreated = credentials.create.every(({ credential }) => !credential);
  return areCreated && credentials.lost.length === 0 ? undefined : { kind: "credentials" };
}

function dataIsUsable({ dataProblem }: Progress): Gate | undefined {
  return dataProblem === undefined ? undefined : { kind: "dataVolume" };
}

function failedJobIsRemoved({ migration }: Progress): Gate | undefined {
  return migration.phase === "failed" && migration.retryInMs === 0 ? { kind: "removalOfFailedJob" } : undefined;
}

/** A Job that exists is not held back, even if the resource is suspended or the database stops meanwhile. */
function isResumed({ snapshot }: Progress, child: Child): Gate | undefined {
  return exists(snapshot, child) || !snapshot.assistant.spec.suspend ? undefined : { kind: "resumption" };
}

function databaseAcceptsConnections({ snapshot }: Progress, child: Child): Gate | undefined {
  if (exists(snapshot, child)) return undefined;
  const mode = databaseMode(snapshot.assistant.spec);
  return mode.acceptsConnections(liveDatabase(snapshot)) ? undefined : { kind: "database" };
}

/**
 * A server must not meet the schema of another release. Suspended servers have no pods that could, and those of the release
 * that an upgrade begins with work on the schema before and after its migration.
 */
function schemaIsReady({ snapshot, migration, upgrade }: Progress): Gate | undefined {
  if (worksOnPresentSchema(upgrade.record)) return undefined;
  return isStopped(snapshot) || migration.phase === "done" ? undefined : { kind: "migration" };
}

function exists(snapshot: Snapshot, child: Child): boolean {
  return child.kind === "Job" && liveJob(snapshot, child) !== undefined;
}

function usesDatabase(server: (typeof SERVERS)[number]): boolean {
  return DATABASE_USERS.some((user) => user === server);
}

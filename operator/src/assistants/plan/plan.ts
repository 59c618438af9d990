import { type TaskAssistantStatus, TIERS } from "../../api/taskassistants/v1alpha1/index.ts";
import { type Child, difference, differences, withDesiredHash } from "../../kinds/index.ts";
import type { KubeObject, LiveObject } from "../../kube/index.ts";
import { type Catalogue, knownVersions, type Release, resolveRelease } from "../../releases/index.ts";
import {
  allChildren,
  children,
  type DesiredChildren,
  type DesiredInput,
  databaseMode,
  type GeneratedSecret,
  mapChildren,
  namesOf,
  restartedAt,
  type UserIds,
} from "../desired/index.ts";
import { activeRestore, lastRestore } from "../observe/restoring.ts";
import {
  childId,
  fingerprintOf,
  keysOf,
  liveDeployment,
  liveJob,
  ownVolume,
  type Snapshot,
} from "../observe/snapshot.ts";
import { foreseen, type UpgradeState, type UpgradeView, upgradeState } from "../upgrade/index.ts";
import { backupBefore } from "./backup-before.ts";
import { type AcceptedBlocker, type Blockers, blockersOf } from "./blockers.ts";
import type { Frozen } from "./freeze.ts";
import { planCredentials } from "./generated-secrets.ts";
import { isFinished, type MigrationState, migrationState } from "./migration.ts";
import { outdated } from "./prune.ts";
import { type Relabelling, relabellings } from "./relabelling.ts";
import { type PlannedApply, plannedApply, suspendedReplicas } from "./replicas.ts";
import { upgradeView } from "./upgrade-view.ts";
import { type Gate, waiting } from "./waiting.ts";

/** What the plan takes from the settings of this installation. */
export interface PlanConfig {
  readonly operatorNamespace: string;
  readonly clusterDomain: string;
  /** The releases that this installation can run. */
  readonly catalogue: Catalogue;
  /** For resources that do not say it themselves. */
  readonly userIds: UserIds;
}

/** Everything to do now, and the findings behind it. A function of the resource and what was observed. */
export interface Plan {
  /** Undefined when the catalogue does not know the release. */
  readonly upgrade?: UpgradeState;
  /** With the hash that is sent along, so that it is computed once per reconcile. */
  readonly desired?: DesiredChildren;
  readonly createSecrets: readonly GeneratedSecret[];
  /** The backup that an upgrade waits for. It is no child: it stays when the assistant goes. */
  readonly createBackup?: KubeObject;
  /** In the order in which they are applied. */
  readonly apply: readonly PlannedApply[];
  readonly remove: readonly LiveObject[];
  /** Data and credentials from an earlier operator, whose labels change. */
  readonly relabel: readonly Relabelling[];
  readonly blockers: Blockers;
  /** The children that are not applied yet, by `childId`. */
  readonly waiting: ReadonlyMap<string, Gate>;
  readonly migration: MigrationState;
  /** Counts to write into the status before anything is scaled down. */
  readonly suspendedReplicas: TaskAssistantStatus["suspendedReplicas"];
  readonly requeueAfterMs?: number;
  /** Present while a person has frozen the children: then nothing of the plan is carried out. */
  readonly frozen?: Frozen;
}

/** The last answer of the services; `frozen` for a plan that is only looked at. */
export type PlanMoment = UpgradeView["observed"]["probe"] | "frozen";

/** Makes the plan. Pure. */
export function plan(snapshot: Snapshot, config: PlanConfig, moment?: PlanMoment): Plan {
  const { spec } = snapshot.assistant;
  const { catalogue } = config;
  const credentials = planCredentials(snapshot);
  const dataProblem = databaseMode(spec).blocker(snapshot);
  const blockers = blockersOf(snapshot, credentials.lost, dataProblem);
  const releaseAt = (version: string) => known(resolveRelease(catalogue, version, spec.images.registry), version);
  const childrenAt = (versionOf: UpgradeState["versionOf"]) =>
    children(desiredInput(snapshot, (component) => releaseAt(versionOf(component)), config));
  const probe = moment === "frozen" ? undefined : moment;
  const view = upgradeView(snapshot, catalogue, blockers, probe, (version) =>
    migrationState(snapshot, childrenAt(() => version).migration),
  );
  if ("kind" in view) return standStill(snapshot, { ...view, knownVersions: knownVersions(catalogue) });

  const upgrade = moment === "frozen" ? foreseen(view) : upgradeState(view);
  const desired = mapChildren(childrenAt(upgrade.versionOf), withDesiredHash);
  const migration = migrationState(snapshot, desired.migration);
  const held = waiting({ snapshot, credentials, dataProblem, migration, upgrade }, desired);
  const createBackup = moment === "frozen" ? undefined : backupBefore(snapshot, upgrade);
  const retried = migration.phase === "failed" && migration.retryInMs === 0 ? [migration.job] : [];
  return {
    upgrade,
    desired,
    createSecrets: credentials.create,
    ...(createBackup === undefined ? {} : { createBackup }),
    apply: allChildren(desired)
      .filter((child) => !held.has(childId(child.kind, child.metadata.name)) && !hasItsJob(snapshot, child))
      .map((child) => plannedApply(snapshot, child)),
    remove: [...retried, ...outdated(snapshot, desired)],
    relabel: relabellings(snapshot),
    blockers,
    waiting: held,
    migration,
    suspendedReplicas: suspendedReplicas(snapshot),
    ...requeue(migration, upgrade),
  };
}

function requeue(migration: MigrationState, { wakeInMs }: UpgradeState): { readonly requeueAfterMs?: number } {
  const retry = migration.phase === "failed" && migration.retryInMs > 0 ? [migration.retryInMs] : [];
  const waits = wakeInMs === undefined ? retry : [...retry, wakeInMs];
  return waits.length === 0 ? {} : { requeueAfterMs: Math.min(...waits) };
}

/** The view has checked that the catalogue knows every release that it leads to. */
function known(release: Release | undefined, version: string): Release {
  if (release === undefined) throw new Error(`release ${version} is not in the catalogue`);
  return release;
}

/** What pods that work on the database now are built from; undefined while the release is unknown. */
export function inputOf(snapshot: Snapshot, config: PlanConfig): DesiredInput | undefined {
  const { spec, status } = snapshot.assistant;
  const version = status?.version?.running ?? spec.version ?? config.catalogue.bundled;
  const release = resolveRelease(config.catalogue, version, spec.images.registry);
  return release === undefined ? undefined : desiredInput(snapshot, () => release, config);
}

function desiredInput(snapshot: Snapshot, release: DesiredInput["release"], config: PlanConfig): DesiredInput {
  const { metadata, spec } = snapshot.assistant;
  const { external } = snapshot;
  const volume = ownVolume(snapshot);
  const storageClassName = volume?.spec?.storageClassName;
  const restoredBy = lastRestore(snapshot);
  return {
    name: metadata.name,
    namespace: metadata.namespace,
    uid: metadata.uid,
    spec,
    release,
    userIds: spec.podSecurity?.userIds ?? config.userIds,
    restoring: activeRestore(snapshot) !== undefined,
    ...(restoredBy === undefined ? {} : { restoredBy }),
    operatorNamespace: config.operatorNamespace,
    clusterDomain: config.clusterDomain,
    restarts: restarts(snapshot),
    fingerprint: (key) => fingerprintOf(snapshot, key),
    keysOf: (object) => keysOf(snapshot, object),
    ...(external !== undefined && "endpoint" in external ? { externalEndpoint: external.endpoint } : {}),
    ...(volume?.metadata.uid === undefined
      ? {}
      : {
          volume: {
            uid: volume.metadata.uid,
            size: volume.spec?.resources?.requests?.storage ?? "0",
            ...(storageClassName === undefined ? {} : { storageClassName }),
          },
        }),
  };
}

function restarts(snapshot: Snapshot): NonNullable<DesiredInput["restarts"]> {
  const { metadata } = snapshot.assistant;
  return Object.fromEntries(
    TIERS.flatMap((tier) => {
      const value = restartedAt(metadata, liveDeployment(snapshot, namesOf(metadata.name).component(tier)));
      return value === undefined ? [] : [[tier, value]];
    }),
  );
}

/**
 * Whether a Job needs no apply. Its name follows from its content, and the server lets nobody change a Job that exists, so
 * what differs was changed by somebody else, such as an admission webhook. Labels and annotations follow the resource.
 */
export function hasItsJob(snapshot: Snapshot, child: Child): boolean {
  if (child.kind !== "Job") return false;
  const live = liveJob(snapshot, child);
  const { uid } = snapshot.assistant.metadata;
  const isOwned = live?.metadata.ownerReferences?.some((owner) => owner.uid === uid) ?? false;
  // Another owner is an earlier resource of the same name, with which the Job would be deleted.
  if (live === undefined) return false;
  return isOwned ? !differsInMetadataAlone(child, live) : isFinished(live);
}

function differsInMetadataAlone(child: Child, live: LiveObject): boolean {
  return (
    difference(child, live) !== undefined && differences(child, live).every(({ path }) => path.startsWith("metadata."))
  );
}

/** The plan for an unknown release. Nothing changes until the version is corrected, or the operator upgraded. */
function standStill({ assistant }: Snapshot, accepted: AcceptedBlocker): Plan {
  return {
    createSecrets: [],
    apply: [],
    remove: [],
    relabel: [],
    blockers: { accepted },
    waiting: new Map(),
    migration: { phase: "unknown" },
    suspendedReplicas: assistant.status?.suspendedReplicas,
  };
}

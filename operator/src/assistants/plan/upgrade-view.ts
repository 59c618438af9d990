import type { TaskAssistant, Tier } from "../../api/taskassistants/v1alpha1/index.ts";
import type { Identified } from "../../kube/index.ts";
import { type Catalogue, schemaOf } from "../../releases/index.ts";
import { databaseMode, namesOf, VERSION_LABEL } from "../desired/index.ts";
import { runningRestore } from "../observe/restoring.ts";
import { isComplete, liveDatabase, liveDeployment, type Snapshot } from "../observe/snapshot.ts";
import type { Observed, ProbeAnswer, TierState, UpgradeView } from "../upgrade/index.ts";
import { wishedVersion } from "../upgrade/index.ts";
import type { Blockers } from "./blockers.ts";
import type { MigrationState } from "./migration.ts";

/** Annotation with the release whose upgrade begins at once. */
export const UPGRADE_NOW = "taskassistant.dev/upgrade-now";

/** Why the operator leaves the resource alone: its catalogue lacks what the resource asks for, runs or has run. */
export type Unsupported = {
  readonly kind: "unsupportedVersion";
  readonly what: "wished" | "running" | "schema";
  readonly version: string;
};

/** What the upgrade is decided by; `unsupported` when the catalogue does not know enough to decide. */
export function upgradeView(
  snapshot: Snapshot,
  catalogue: Catalogue,
  blockers: Blockers,
  probe: ProbeAnswer | "disabled" | undefined,
  migrationAt: (version: string) => MigrationState,
): UpgradeView | Unsupported {
  const { assistant, now } = snapshot;
  const { spec, status, metadata } = assistant;
  const running = status?.version?.running ?? builtVersion(snapshot);
  const unknown = (what: Unsupported["what"], version: string) =>
    ({ kind: "unsupportedVersion", what, version }) as const;
  if (running !== undefined && catalogue.releases[running] === undefined) return unknown("running", running);
  const wished = wishedVersion({ spec, running, catalogue });
  const schemaRelease = catalogue.releases[running ?? wished]?.schema;
  if (catalogue.releases[wished] === undefined || schemaRelease === undefined) return unknown("wished", wished);
  const schemaVersion = status?.database?.schemaVersion ?? schemaRelease.max;
  const schema = schemaOf(catalogue, schemaVersion);
  if (schema === undefined) return unknown("schema", String(schemaVersion));
  return {
    name: metadata.name,
    spec,
    generation: metadata.generation ?? 0,
    requested: metadata.annotations?.[UPGRADE_NOW],
    recorded: status?.upgrade,
    running,
    schema,
    catalogue,
    observed: observed(snapshot, blockers, probe, migrationAt),
    restoring: runningRestore(snapshot)?.metadata.name,
    now,
  };
}

function observed(
  snapshot: Snapshot,
  blockers: Blockers,
  probe: Observed["probe"],
  migrationAt: (version: string) => MigrationState,
): Observed {
  const { spec } = snapshot.assistant;
  const tier = (name: Tier) => tierState(snapshot, name);
  return {
    tiers: { frontend: tier("frontend"), api: tier("api"), mcp: tier("mcp") },
    isPrepared:
      blockers.accepted === undefined &&
      blockers.database === undefined &&
      databaseMode(spec).acceptsConnections(liveDatabase(snapshot)),
    migration(version, since) {
      const state = migrationAt(version);
      if (state.phase === "done") return "done";
      return state.phase === "failed" && !(state.failedAt < since) ? "failed" : "pending";
    },
    backup: (name) => backupState(snapshot, name),
    probe,
  };
}

function backupState({ backups }: Snapshot, name: string): ReturnType<Observed["backup"]> {
  const phase = backups.find(({ metadata }) => metadata.name === name)?.status?.phase;
  return phase === "Succeeded" ? "done" : phase === "Failed" ? "failed" : "pending";
}

function tierState(snapshot: Snapshot, tier: Tier): TierState {
  const live = liveDeployment(snapshot, namesOf(snapshot.assistant.metadata.name).component(tier));
  return {
    version: live?.metadata.labels?.[VERSION_LABEL],
    isComplete: live !== undefined && isComplete(live),
  };
}

/**
 * The release that the tiers were built from, for a resource without any report, such as one that was restored without its
 * status. Tiers in the middle of an upgrade count as the older one.
 */
function builtVersion(snapshot: Snapshot): string | undefined {
  if (hasReport(snapshot.assistant)) return undefined;
  const { name } = snapshot.assistant.metadata;
  const versions = (["frontend", "api", "mcp"] as const).map(
    (tier) => liveDeployment(snapshot, namesOf(name).component(tier))?.metadata.labels?.[VERSION_LABEL],
  );
  // The frontend is the last to be upgraded.
  return versions.every((version) => version !== undefined) ? versions[0] : undefined;
}

function hasReport({ status }: Identified<TaskAssistant>): boolean {
  return status?.conditions !== undefined;
}

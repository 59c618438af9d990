import type { LiveJob } from "../../../kinds/index.ts";
import { lastFailure, podTrouble } from "../../../pods/index.ts";
import { componentOf, namesOf } from "../../desired/index.ts";
import type { ProbeOutcome } from "../../observe/probe-outcome.ts";
import { liveDeployment, type Snapshot } from "../../observe/snapshot.ts";
import type { StepName, UpgradeRecord } from "../../upgrade/index.ts";
import { migrationFailure } from "../findings/database/migration.ts";
import { podsOf } from "../findings/pods/pods-of.ts";
import { deploymentPodsRefused } from "../findings/pods/pods-refused.ts";
import { TIER_OF_STEP } from "./progress.ts";

/** What keeps a step from being done. */
export interface StepTrouble {
  readonly reason: string;
  readonly message: string;
}

/** The trouble of one step; undefined while it only takes its time. */
export function stepTrouble(
  snapshot: Snapshot,
  { backupRef }: UpgradeRecord,
  step: StepName,
  probe: ProbeOutcome,
): StepTrouble | undefined {
  switch (step) {
    case "Preflight":
      return undefined;
    case "Backup":
      return backupTrouble(snapshot, backupRef);
    case "Migrate":
      return migrationTrouble(snapshot);
    case "MCP":
    case "API":
    case "Frontend":
      return tierTrouble(snapshot, TIER_OF_STEP[step]);
    case "Verify": {
      const problem = probe === undefined || probe === "disabled" ? undefined : (probe.frontend ?? probe.mcp);
      return problem === undefined ? undefined : { reason: "ProbeFailed", message: problem };
    }
  }
}

/** Reasons of a backup that is as it should be. */
const GOES_WELL = ["Pending", "Running", "Verifying", "Succeeded"];

function backupTrouble({ backups }: Snapshot, name: string | undefined): StepTrouble | undefined {
  const conditions = backups.find(({ metadata }) => metadata.name === name)?.status?.conditions;
  const complete = conditions?.find(({ type }) => type === "Complete");
  if (complete === undefined || GOES_WELL.includes(complete.reason)) return undefined;
  return { reason: complete.reason, message: `Backup ${name}: ${complete.message}` };
}

function migrationTrouble(snapshot: Snapshot): StepTrouble | undefined {
  const pods = podsOf(snapshot, "migrate");
  const failure = lastFailure(pods);
  if (failure !== undefined) return migrationFailure(failure);
  return podTrouble(pods, snapshot.now) ?? jobTrouble(snapshot);
}

/** What the Job itself says, of which a deadline has taken the pods away. */
function jobTrouble({ children }: Snapshot): StepTrouble | undefined {
  const jobs: readonly LiveJob[] = [...children.values()].filter(
    (child) => child.kind === "Job" && componentOf(child) === "migrate",
  );
  const failures = jobs
    .flatMap(({ metadata, status }) => (status?.conditions ?? []).map((condition) => ({ ...condition, metadata })))
    .filter(({ type, status }) => type === "Failed" && status === "True")
    .sort((a, b) => (a.lastTransitionTime ?? "").localeCompare(b.lastTransitionTime ?? ""));
  const last = failures.at(-1);
  if (last === undefined) return undefined;
  const { reason = "StepFailed", message = "it failed", metadata } = last;
  return { reason, message: `Job ${metadata.name}: ${message}` };
}

function tierTrouble(snapshot: Snapshot, tier: (typeof TIER_OF_STEP)[keyof typeof TIER_OF_STEP]) {
  const live = liveDeployment(snapshot, namesOf(snapshot.assistant.metadata.name).component(tier));
  const refused = live === undefined ? undefined : deploymentPodsRefused(snapshot, live);
  return refused ?? podTrouble(podsOf(snapshot, tier), snapshot.now);
}

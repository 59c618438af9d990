import { namesOf, VERSION_LABEL } from "../../desired/index.ts";
import { runningRestore } from "../../observe/restoring.ts";
import { type LiveDeployment, liveDeployment, type Snapshot } from "../../observe/snapshot.ts";
import { currentStep, elapsedMs, STEPS, type StepName, type UpgradeRecord } from "../../upgrade/index.ts";

/** The tier whose pods a step replaces. */
export const TIER_OF_STEP = { MCP: "mcp", API: "api", Frontend: "frontend" } as const satisfies Partial<
  Record<StepName, string>
>;

/** How far an upgrade is, such as `step 5 of 7: API, 1 of 3 pods, for 20 s`. */
export function progressOf(snapshot: Snapshot, record: UpgradeRecord): string {
  const step = currentStep(record);
  const place = step === undefined ? "rolling back" : `step ${STEPS.indexOf(step) + 1} of ${STEPS.length}: ${step}`;
  const elapsed = elapsedMs(record.stepStartedAt, snapshot.now);
  const restore = runningRestore(snapshot);
  const waits = restore === undefined ? [] : [`waits for restore ${restore.metadata.name}`];
  return [
    place,
    ...pods(snapshot, step, record.to),
    ...share(snapshot, record),
    ...waits,
    ...(elapsed === undefined ? [] : duration(elapsed)),
  ].join(", ");
}

function pods(snapshot: Snapshot, step: StepName | undefined, to: string | undefined): string[] {
  if (step !== "MCP" && step !== "API" && step !== "Frontend") return [];
  const name = namesOf(snapshot.assistant.metadata.name).component(TIER_OF_STEP[step]);
  const live = liveDeployment(snapshot, name);
  if (live === undefined) return [];
  const ready = live.metadata.labels?.[VERSION_LABEL] === to ? replaced(live) : 0;
  return [`${ready} of ${live.spec?.replicas ?? 1} pods`];
}

/** How many new pods are ready. The status counts the ready ones of both releases; the old ones were all ready. */
function replaced({ metadata, status }: LiveDeployment): number {
  const { observedGeneration = 0, replicas = 0, updatedReplicas = 0, readyReplicas = 0 } = status ?? {};
  if (observedGeneration < (metadata.generation ?? 0)) return 0;
  return Math.max(0, readyReplicas - (replicas - updatedReplicas));
}

/** How much of the backup is stored, as coarse as the time. */
function share({ backups }: Snapshot, { step, backupRef }: UpgradeRecord): string[] {
  if (step !== "Backup") return [];
  const percent = backups.find(({ metadata }) => metadata.name === backupRef)?.status?.percent ?? 0;
  return [`${percent - (percent % 10)} %`];
}

/** Coarse, so that a step that takes long does not change the status each second. */
function duration(ms: number): string[] {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 10) return [];
  return [seconds < 60 ? `for ${seconds - (seconds % 10)} s` : `for ${Math.floor(seconds / 60)} min`];
}

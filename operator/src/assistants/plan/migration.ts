import type { Job, LiveJob } from "../../kinds/index.ts";
import { liveJob, type Snapshot } from "../observe/snapshot.ts";

/** Milliseconds between a failed migration Job and the next attempt. */
const RETRY_MS = 60_000;

/** The state of the migration that the current inputs need. */
export type MigrationState =
  | { readonly phase: "unknown" | "wanted" | "running" | "done" }
  | { readonly phase: "failed"; readonly job: LiveJob; readonly failedAt: Date; readonly retryInMs: number };

/** Reads the state from the Job of the wanted name, or from the status if that Job has succeeded before. */
export function migrationState(snapshot: Snapshot, wanted: Job | undefined): MigrationState {
  if (wanted === undefined) return { phase: "unknown" };
  const live = liveJob(snapshot, wanted);
  const condition = (type: string) =>
    live?.status?.conditions?.find((each) => each.type === type && each.status === "True");
  if (condition("Complete") !== undefined) return { phase: "done" };
  if (snapshot.assistant.status?.database?.migration === wanted.metadata.name) return { phase: "done" };
  if (live === undefined) return { phase: "wanted" };
  const failed = condition("Failed");
  if (failed === undefined) return { phase: "running" };
  const since = Date.parse(failed.lastTransitionTime ?? "");
  const waited = Number.isNaN(since) ? RETRY_MS : snapshot.now.getTime() - since;
  return { phase: "failed", job: live, failedAt: new Date(since), retryInMs: Math.max(0, RETRY_MS - waited) };
}

/** Whether a Job has succeeded, or failed for good. */
export function isFinished({ status }: LiveJob): boolean {
  return (status?.conditions ?? []).some(
    (each) => (each.type === "Complete" || each.type === "Failed") && each.status === "True",
  );
}

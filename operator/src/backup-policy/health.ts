import { BACKUP_REASONS, type TaskAssistantBackup } from "../api/backups/v1alpha1/index.ts";
import type { ReasonEntry, ReasonOf } from "../api/taskassistants/v1alpha1/index.ts";
import { isFinished, lastGood, newestFirst } from "./history.ts";
import type { BackupPolicy } from "./policy.ts";

/** Milliseconds after its time at which a backup of the schedule should have succeeded. */
const OVERDUE_MS = 3_600_000;

/** What the backups of an assistant are judged by. */
export interface HealthView {
  readonly policy: BackupPolicy;
  readonly suspended: boolean;
  readonly backups: readonly TaskAssistantBackup[];
  /** When the schedule makes the next one. */
  readonly next: Date | undefined;
  readonly now: Date;
}

/** The condition BackupHealthy. */
export interface Health {
  readonly reason: ReasonOf<"BackupHealthy">;
  readonly message: string;
}

/** How the backups of an assistant do: the first rule that applies decides. */
export function healthOf(view: HealthView): Health {
  return blocked(view) ?? resting(view) ?? overdue(view) ?? failed(view) ?? succeeded(view);
}

function blocked({ backups }: HealthView): Health | undefined {
  for (const backup of newestFirst(backups)) {
    const complete = completeOf(backup);
    if (isFinished(backup) || complete === undefined || !needsUser(complete.reason)) continue;
    return { reason: "BackupBlocked", message: `Backup ${backup.metadata.name} can't begin: ${complete.message}` };
  }
  return undefined;
}

function resting({ policy, suspended }: HealthView): Health | undefined {
  if (policy.schedule === undefined || !(policy.suspend || suspended)) return undefined;
  const field = suspended ? "spec.suspend" : "spec.backup.suspend";
  return { reason: "Suspended", message: `The schedule makes no backups while ${field} is true.` };
}

function overdue({ backups, next, now }: HealthView): Health | undefined {
  if (next === undefined || now.getTime() - next.getTime() < OVERDUE_MS) return undefined;
  const busy = backups.find((backup) => !isFinished(backup));
  const why =
    busy === undefined ? "" : ` It waits for backup ${busy.metadata.name}: ${completeOf(busy)?.message ?? "not begun"}`;
  return { reason: "Overdue", message: `The backup of ${next.toISOString()} has not been made.${why}` };
}

function failed({ backups }: HealthView): Health | undefined {
  const [last] = newestFirst(backups.filter(isFinished));
  if (last?.status?.phase !== "Failed") return undefined;
  const complete = completeOf(last);
  const reason = complete?.reason === "VerificationFailed" ? "VerificationFailed" : "BackupFailed";
  return { reason, message: `Backup ${last.metadata.name} failed: ${complete?.message ?? "no reason given"}` };
}

function succeeded({ backups, next }: HealthView): Health {
  const [last] = newestFirst(backups.filter(({ status }) => status?.phase === "Succeeded"));
  const then = next === undefined ? "" : ` The next one is due at ${next.toISOString()}.`;
  if (last === undefined) return { reason: "NoBackupYet", message: `No backup has been made yet.${then}` };
  const verified = lastGood(backups)?.status?.verifiedAt;
  const words = verified === undefined ? "None has been verified." : `The last verification succeeded at ${verified}.`;
  return {
    reason: "Succeeded",
    message: `Backup ${last.metadata.name} of ${last.status?.startedAt} succeeded. ${words}${then}`,
  };
}

function completeOf({ status }: TaskAssistantBackup) {
  return status?.conditions?.find(({ type }) => type === "Complete");
}

function needsUser(reason: string): boolean {
  const reasons: Readonly<Record<string, ReasonEntry>> = BACKUP_REASONS.Complete.reasons;
  return reasons[reason]?.needsUser === true;
}

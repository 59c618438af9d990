import type { TaskAssistantBackup } from "../../api/backups/v1alpha1/index.ts";
import type { TaskAssistant } from "../../api/taskassistants/v1alpha1/index.ts";
import { backupObject, seconds } from "../../assistants/desired/index.ts";
import {
  type BackupPolicy,
  folderOf,
  idOf,
  isFinished,
  lastGood,
  newestFirst,
  scheduledName,
} from "../../backup-policy/index.ts";
import type { Identified, KubeObject } from "../../kube/index.ts";

/** What the schedule and the retention of one assistant are carried out by. */
export interface ScheduleSnapshot {
  readonly assistant: Identified<TaskAssistant>;
  readonly backups: readonly TaskAssistantBackup[];
  readonly stored: Stored | undefined;
  readonly now: Date;
}

/** What the last prune said is stored. */
export interface Stored {
  readonly ids: ReadonlySet<string>;
  /** When it began. It knows nothing of later backups. */
  readonly at: string;
}

export interface SchedulePlan {
  readonly create?: KubeObject;
  /** The backup for which files are pruned: the newest that is stored where the resource says. */
  readonly pruneAfter?: TaskAssistantBackup;
  readonly remove: readonly TaskAssistantBackup[];
  readonly requeueAfterMs?: number;
}

/** What to create and to remove now. Pure. */
export function schedulePlan(snapshot: ScheduleSnapshot): SchedulePlan {
  const { assistant, backups, now } = snapshot;
  const policy = assistant.spec.backup;
  if (policy === undefined || assistant.metadata.deletionTimestamp !== undefined) return { remove: [] };
  const next = assistant.status?.backup?.next;
  const due = next === undefined ? undefined : new Date(next);
  const isBusy = backups.some((backup) => !isFinished(backup));
  const isDue = due !== undefined && due <= now;
  const { namespace, name: of } = assistant.metadata;
  const name = due === undefined ? "" : scheduledName(of, due);
  const isNew = !backups.some(({ metadata }) => metadata.name === name);
  return {
    ...(isDue && isNew && !isBusy
      ? { create: backupObject({ namespace, name, assistant: of, cause: "schedule" }) }
      : {}),
    ...pruned(snapshot, policy),
    ...(due !== undefined && !isDue ? { requeueAfterMs: Math.min(due.getTime() - now.getTime(), HOUR_MS) } : {}),
  };
}

const HOUR_MS = 3_600_000;

/** Whether something is beyond the retention, and which resources have lost their files to it. */
function pruned(
  { assistant, backups, stored, now }: ScheduleSnapshot,
  policy: BackupPolicy,
): Pick<SchedulePlan, "pruneAfter" | "remove"> {
  const folder = folderOf(policy.destination, assistant.metadata);
  const here = newestFirst(backups).filter(({ status }) => status?.location?.startsWith(folder));
  const succeeded = here.filter(({ status }) => status?.phase === "Succeeded");
  const expired = beyond(succeeded, policy, now);
  const gone = expired.filter(
    ({ status }) =>
      stored !== undefined &&
      (status?.finishedAt ?? "9999") < stored.at &&
      !stored.ids.has(idOf(status?.location ?? "")),
  );
  // Failed ones stay as long as something as old does.
  const oldest = succeeded.filter((each) => !expired.includes(each)).at(-1)?.status?.startedAt;
  const failed = here.filter(
    ({ status }) => status?.phase === "Failed" && oldest !== undefined && (status.startedAt ?? "") < oldest,
  );
  const [newest] = succeeded;
  const isLeft = expired.length > gone.length;
  return { ...(isLeft && newest !== undefined ? { pruneAfter: newest } : {}), remove: [...gone, ...failed] };
}

/**
 * Backups that succeeded and are beyond the retention. `succeeded`: the newest first. The last good one never is. The program
 * that prunes goes by what is stored, with the same rule: `toRemove` in `services/backup/src/retention/retention.ts`.
 */
export function beyond(
  succeeded: readonly TaskAssistantBackup[],
  { retention }: Pick<BackupPolicy, "retention">,
  now: Date,
): TaskAssistantBackup[] {
  const good = lastGood(succeeded);
  const days = maxAgeDays(retention);
  const oldest = days === undefined ? undefined : now.getTime() - days * 24 * HOUR_MS;
  return succeeded.filter(
    (backup, at) =>
      backup !== good &&
      (at >= retention.keepLast || (oldest !== undefined && Date.parse(backup.status?.finishedAt ?? "") < oldest)),
  );
}

/** The age in whole days, as the program that prunes takes it; undefined when there is none. */
export function maxAgeDays({ maxAge }: BackupPolicy["retention"]): number | undefined {
  return maxAge === undefined ? undefined : Math.ceil(seconds(maxAge) / 86_400);
}

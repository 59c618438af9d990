import type { TaskAssistantBackup } from "../api/backups/v1alpha1/index.ts";
import type { TaskAssistantStatus } from "../api/taskassistants/v1alpha1/index.ts";

type BackupStatus = NonNullable<TaskAssistantStatus["backup"]>;

/** Whether a backup has succeeded or failed. */
export function isFinished({ status }: TaskAssistantBackup): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}

/** Backups by the time at which they began, the newest first. Those that have not begun come first of all. */
export function newestFirst(backups: readonly TaskAssistantBackup[]): TaskAssistantBackup[] {
  const begun = ({ status }: TaskAssistantBackup) => status?.startedAt ?? "9999";
  return [...backups].sort(
    (a, b) => begun(b).localeCompare(begun(a)) || b.metadata.name.localeCompare(a.metadata.name),
  );
}

/** The last good backup: the newest that was verified, or the newest that succeeded where none was. */
export function lastGood(backups: readonly TaskAssistantBackup[]): TaskAssistantBackup | undefined {
  const succeeded = newestFirst(backups).filter(({ status }) => status?.phase === "Succeeded");
  return succeeded.find(({ status }) => status?.verifiedAt !== undefined) ?? succeeded[0];
}

/** What the status of an assistant says about its backups. Times stay when the resources of the backups are gone. */
export function times(
  backups: readonly TaskAssistantBackup[],
  previous: BackupStatus | undefined,
): Pick<BackupStatus, "lastSuccessful" | "lastVerified" | "lastFailure"> {
  const begunAt = (test: (backup: TaskAssistantBackup) => boolean, before: string | undefined) => {
    const found = backups.filter(test).flatMap(({ status }) => status?.startedAt ?? []);
    return [...found, ...(before === undefined ? [] : [before])].sort().at(-1);
  };
  const lastSuccessful = begunAt(({ status }) => status?.phase === "Succeeded", previous?.lastSuccessful);
  const lastVerified = begunAt(({ status }) => status?.verifiedAt !== undefined, previous?.lastVerified);
  const lastFailure = begunAt(({ status }) => status?.phase === "Failed", previous?.lastFailure);
  return {
    ...(lastSuccessful === undefined ? {} : { lastSuccessful }),
    ...(lastVerified === undefined ? {} : { lastVerified }),
    ...(lastFailure === undefined ? {} : { lastFailure }),
  };
}

const WEEK_MS = 7 * 86_400_000;

/** Whether a backup is verified. `others`: the backups of the same assistant. */
export function isVerified(
  backup: TaskAssistantBackup,
  policy: "Never" | "Weekly" | "Always",
  others: readonly TaskAssistantBackup[],
  now: Date,
): boolean {
  const asked = backup.spec.verify ?? policy;
  if (asked !== "Weekly") return asked === "Always";
  return !others.some(({ status }) => now.getTime() - Date.parse(status?.verifiedAt ?? "1970-01-01") < WEEK_MS);
}

import type { TaskAssistantStatus } from "../../api/taskassistants/v1alpha1/index.ts";
import { folderOf, nextBackup, times } from "../../backup-policy/index.ts";
import type { Snapshot } from "../observe/snapshot.ts";

/** When the schedule makes the next backup. */
export function nextBackupOf({ assistant, backups, now }: Snapshot): Date | undefined {
  const { spec, status, metadata } = assistant;
  return nextBackup({
    assistant: metadata.name,
    policy: spec.backup,
    suspended: spec.suspend,
    recorded: status?.backup?.next,
    names: new Set(backups.map((backup) => backup.metadata.name)),
    now,
  });
}

/** `status.backup`; undefined when there is nothing to say. */
export function backupStatus(snapshot: Snapshot): TaskAssistantStatus["backup"] {
  const { assistant, backups, key } = snapshot;
  const next = nextBackupOf(snapshot);
  const policy = assistant.spec.backup;
  const status = {
    ...times(backups, assistant.status?.backup),
    ...(next === undefined ? {} : { next: `${next.toISOString().slice(0, 19)}Z` }),
    ...(policy === undefined ? {} : { location: folderOf(policy.destination, key) }),
  };
  return Object.keys(status).length === 0 ? undefined : status;
}

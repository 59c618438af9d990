import { healthOf } from "../../../../backup-policy/index.ts";
import type { Snapshot } from "../../../observe/snapshot.ts";
import { nextBackupOf } from "../../next-backup.ts";
import { type Finding, finding } from "../finding.ts";

/** Whether the data is backed up as the resource asks; nothing is said of one that does not ask. */
export function backupFindings(snapshot: Snapshot): Finding[] {
  const { assistant, backups, now } = snapshot;
  const policy = assistant.spec.backup;
  if (policy === undefined) return [];
  const next = nextBackupOf(snapshot);
  const { reason, message } = healthOf({ policy, suspended: assistant.spec.suspend, backups, next, now });
  return [finding("BackupHealthy", reason, message)];
}

import type { KubeObject, Resource } from "../../../kube/index.ts";
import type { TaskAssistantBackupSpec, TaskAssistantBackupStatus } from "./types.gen.ts";

export { BACKUP_REASONS, type BackupConditionType, type BackupReasonOf } from "./reasons.ts";
export type { TaskAssistantBackupSpec, TaskAssistantBackupStatus } from "./types.gen.ts";

/** One backup, as the API server serves it: defaults filled in. */
export interface TaskAssistantBackup extends KubeObject {
  readonly spec: TaskAssistantBackupSpec;
  readonly status?: TaskAssistantBackupStatus;
}

/** Where TaskAssistantBackups live in the API. */
export const taskAssistantBackupResource = {
  group: "taskassistant.dev",
  version: "v1alpha1",
  kind: "TaskAssistantBackup",
  plural: "taskassistantbackups",
  namespaced: true,
} as const satisfies Resource;

export type BackupPhase = NonNullable<TaskAssistantBackupStatus["phase"]>;
/** Where backups are stored. */
export type Destination = NonNullable<TaskAssistantBackupSpec["destination"]>;
/** What they are encrypted with. */
export type Encryption = NonNullable<TaskAssistantBackupSpec["encryption"]>;

/** Label of a backup that the operator makes, with the cause as its value. Those of people have none. */
export const BACKUP_CAUSE = "taskassistant.dev/backup-cause";
/** Why the operator makes a backup that nobody created by hand. */
export type BackupCause = "schedule" | "upgrade" | "restore" | "deletion";

import {
  BACKUP_REASONS,
  type TaskAssistantBackup,
  type TaskAssistantBackupStatus,
} from "../api/backups/v1alpha1/index.ts";
import { clipped, repairRefusal, sentence } from "../assistants/index.ts";
import { oneShotConditions } from "../backup-jobs/index.ts";
import type { Decision } from "./decide.ts";

/** The status while the API server refuses what the backup needs, in its own words. */
export function refused(
  { metadata, status: before }: TaskAssistantBackup,
  { status }: Decision,
  words: string,
  now: Date,
): TaskAssistantBackupStatus {
  const message = `${sentence(`The API server refuses an object: ${clipped(words)}`)} ${repairRefusal(metadata.namespace ?? "", words.split(":")[0] ?? "", words)}`;
  const generation = metadata.generation ?? 0;
  const outcome = { reason: "ApplyRefused", message, ended: false };
  const conditions = oneShotConditions(
    outcome,
    BACKUP_REASONS.Complete.reasons.ApplyRefused,
    before?.conditions,
    generation,
    now,
  );
  return { ...status, conditions };
}

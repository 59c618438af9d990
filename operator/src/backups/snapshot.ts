import type { TaskAssistantBackup } from "../api/backups/v1alpha1/index.ts";
import type { AssistantView } from "../assistants/index.ts";
import type { Attempt, Present, ProgressReport } from "../backup-jobs/index.ts";
import type { Identified, LiveObject } from "../kube/index.ts";

/** Everything that a decision about one backup is made from. */
export interface BackupSnapshot {
  readonly backup: Identified<TaskAssistantBackup>;
  /** Undefined when there is no assistant of this name. */
  readonly view: AssistantView | undefined;
  /** The other backups of the assistant. */
  readonly others: readonly TaskAssistantBackup[];
  readonly present: Present;
  readonly run: Attempt;
  readonly verification: Attempt;
  readonly progress: ProgressReport | undefined;
  /** Network policies of its Jobs. */
  readonly policies: readonly LiveObject[];
  readonly now: Date;
}

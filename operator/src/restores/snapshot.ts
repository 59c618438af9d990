import type { TaskAssistantBackup } from "../api/backups/v1alpha1/index.ts";
import type { TaskAssistantRestore } from "../api/restores/v1alpha1/index.ts";
import type { AssistantView } from "../assistants/index.ts";
import type { Attempt, Present, ProgressReport } from "../backup-jobs/index.ts";
import type { Identified, LiveObject } from "../kube/index.ts";

/** Everything that a decision about one restore is made from. */
export interface RestoreSnapshot {
  readonly restore: Identified<TaskAssistantRestore>;
  /** Undefined when the target does not exist. */
  readonly view: AssistantView | undefined;
  /** The backup that it names, if it names one and that exists. */
  readonly source: TaskAssistantBackup | undefined;
  readonly safetyBackup: TaskAssistantBackup | undefined;
  /** What else works on the database of the target: kind and name. */
  readonly busy: string | undefined;
  readonly present: Present;
  readonly run: Attempt;
  /** Whether a pod of it exists, which might still write. */
  readonly hasPods: boolean;
  readonly progress: ProgressReport | undefined;
  /** Its Jobs and network policies. */
  readonly objects: readonly LiveObject[];
  readonly now: Date;
}

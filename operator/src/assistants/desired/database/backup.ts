import {
  BACKUP_CAUSE,
  type BackupCause,
  type TaskAssistantBackup,
  taskAssistantBackupResource,
} from "../../../api/backups/v1alpha1/index.ts";
import { apiVersionOf, type KubeObject } from "../../../kube/index.ts";
import { ASSISTANT_LABEL, MANAGED_BY } from "../labels.ts";

/** What the backups that the operator makes differ in. */
export interface BackupRequest {
  readonly namespace: string;
  readonly name: string;
  /** Name of the assistant. */
  readonly assistant: string;
  readonly cause: BackupCause;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Settings beside those of the assistant. */
  readonly settings?: Partial<Omit<TaskAssistantBackup["spec"], "assistantRef">>;
}

/** A backup as the operator makes it. It has no owner: it outlives the assistant, as what is stored does. */
export function backupObject({ namespace, name, assistant, cause, annotations, settings }: BackupRequest): KubeObject {
  const labels = {
    "app.kubernetes.io/part-of": "taskassistant",
    "app.kubernetes.io/managed-by": MANAGED_BY,
    [ASSISTANT_LABEL]: assistant,
    [BACKUP_CAUSE]: cause,
  };
  const object = {
    apiVersion: apiVersionOf(taskAssistantBackupResource),
    kind: taskAssistantBackupResource.kind,
    metadata: { namespace, name, labels, ...(annotations === undefined ? {} : { annotations }) },
    spec: { assistantRef: { name: assistant }, ...settings },
  };
  return object;
}

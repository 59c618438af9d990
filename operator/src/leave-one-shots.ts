import { BACKUP_REASONS, type TaskAssistantBackup, taskAssistantBackupResource } from "./api/backups/v1alpha1/index.ts";
import {
  RESTORE_FINALIZER,
  RESTORE_REASONS,
  type TaskAssistantRestore,
  taskAssistantRestoreResource,
} from "./api/restores/v1alpha1/index.ts";
import { oneShotConditions } from "./backup-jobs/index.ts";
import { isNotFound, type KubeClient, refOf } from "./kube/index.ts";

type OneShot = TaskAssistantBackup | TaskAssistantRestore;

/**
 * Marks the backups and restores of a namespace that have not ended, because nobody carries them on, and takes their finalizer,
 * or they could not be deleted. An operator that watches the namespace again sets it again and goes on.
 */
export async function leaveOneShots(
  client: KubeClient,
  namespace: string,
  now: Date,
  signal: AbortSignal,
): Promise<void> {
  const backups = await listed<TaskAssistantBackup>(client, taskAssistantBackupResource, namespace, signal);
  for (const backup of backups.filter(isOpen)) {
    await mark(client, backup, BACKUP_REASONS.Complete.reasons.NotWatched, "", now, signal);
  }
  const restores = await listed<TaskAssistantRestore>(client, taskAssistantRestoreResource, namespace, signal);
  for (const restore of restores.filter(isOpen)) {
    const finalizers = restore.metadata.finalizers ?? [];
    const isHeld = finalizers.includes(RESTORE_FINALIZER);
    const stopped = `Until then the services of TaskAssistant ${restore.spec.target.assistantRef.name} stay stopped.`;
    await mark(client, restore, RESTORE_REASONS.Complete.reasons.NotWatched, isHeld ? stopped : "", now, signal);
    if (!isHeld) continue;
    const others = finalizers.filter((each) => each !== RESTORE_FINALIZER);
    const patch = { metadata: { uid: restore.metadata.uid, finalizers: others } };
    await client.mergePatch(taskAssistantRestoreResource, refOf(restore), patch, { signal });
  }
}

async function listed<T extends OneShot>(
  client: KubeClient,
  resource: Parameters<KubeClient["list"]>[0],
  namespace: string,
  signal: AbortSignal,
): Promise<readonly T[]> {
  try {
    return (await client.list<T>(resource, { namespace, signal })).items;
  } catch (error) {
    // An installation without the definitions has none.
    if (isNotFound(error)) return [];
    throw error;
  }
}

function isOpen({ status }: OneShot): boolean {
  return status?.phase !== "Succeeded" && status?.phase !== "Failed";
}

async function mark(
  client: KubeClient,
  resource: OneShot,
  entry: Parameters<typeof oneShotConditions>[1],
  more: string,
  now: Date,
  signal: AbortSignal,
): Promise<void> {
  const { apiVersion, kind, metadata, status } = resource;
  const message = `No operator watches namespace ${metadata.namespace} any more. Next: name it in the chart's watchNamespaces again, and the work goes on. ${more}`;
  const outcome = { reason: "NotWatched", message: message.trimEnd(), ended: false };
  const conditions = oneShotConditions(outcome, entry, status?.conditions, metadata.generation ?? 0, now);
  const object = { apiVersion, kind, metadata: refOf(resource), status: { ...status, conditions } };
  await client.applyStatus(object as Parameters<KubeClient["applyStatus"]>[0], { signal, force: "always" });
}

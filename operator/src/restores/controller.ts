import type { TaskAssistantBackup } from "../api/backups/v1alpha1/index.ts";
import {
  RESTORE_FINALIZER,
  RESTORE_REASONS,
  type TaskAssistantRestore,
  taskAssistantRestoreResource,
} from "../api/restores/v1alpha1/index.ts";
import type { AssistantViews, SharedWatches } from "../assistants/index.ts";
import {
  type AskProgress,
  createAll,
  type OneShotKind,
  ofItself,
  presentIn,
  REFUSED_MS,
  refusedStatus,
  removeEach,
  tellChange,
  workOf,
  writeOneShotStatus,
} from "../backup-jobs/index.ts";
import { type Identified, identified, isConflict, isNotFound, type KubeObject, refOf } from "../kube/index.ts";
import {
  type ControllerOptions,
  type EventRecorder,
  type KeyRequest,
  nameId,
  nameOf,
  type ObjectName,
  type ReconcileContext,
  type Result,
} from "../runtime/index.ts";
import { decide, safetyName } from "./decide.ts";
import type { RestoreSnapshot } from "./snapshot.ts";

export interface RestoreDeps {
  readonly watches: SharedWatches;
  readonly views: AssistantViews;
  readonly askProgress: AskProgress;
  readonly events: Pick<EventRecorder, "record">;
  readonly now: () => Date;
}

const KIND: OneShotKind = { reasons: RESTORE_REASONS.Complete.reasons, action: "Restore" };

/** The controller of TaskAssistantRestores: it stops the services of the target, replaces its data, and lets them start again. */
export function restoreController(deps: RestoreDeps): ControllerOptions {
  const { watches } = deps;
  const { ofJob, ofRefusal, worksFor, attempt } = workOf("TaskAssistantRestore", watches);
  return {
    name: "taskassistantrestore",
    primary: { watch: watches.restores, mapToKeys: ofItself },
    watches: [
      { watch: watches.jobs, mapToKeys: ofJob },
      { watch: watches.pods, mapToKeys: (pod) => [...ofJob(pod), ...ofPod(pod)] },
      { watch: watches.refusals, mapToKeys: ofRefusal },
      { watch: watches.assistants, mapToKeys: (assistant) => waiting(nameOf(assistant)) },
      { watch: watches.backups, mapToKeys: (backup) => inNamespace(backup) },
      { watch: watches.secrets, mapToKeys: (secret, _old, change) => (change === "resync" ? [] : inNamespace(secret)) },
      { watch: watches.volumes, mapToKeys: (claim, _old, change) => (change === "resync" ? [] : inNamespace(claim)) },
    ],
    reconcile,
  };

  async function reconcile(name: ObjectName, context: ReconcileContext): Promise<Result> {
    const found = watches.restores.get(name);
    if (found === undefined) return {};
    const restore = identified(found);
    // What is in the namespace goes with it, and so may the Role that would allow to let the resource go later.
    if (context.terminating === true) return setFinalizer(restore, false, context);
    const decision = decide(await observe(restore, context));
    // The finalizer comes before anything that it has to undo, and goes after that was undone.
    if (decision.held && !hasFinalizer(restore)) return setFinalizer(restore, true, context);
    const words = await createAll(context, decision.create);
    const status =
      words === undefined ? decision.status : refusedStatus(restore, decision.status ?? {}, words, KIND, deps.now());
    if (status !== undefined && (await writeOneShotStatus(context, restore, status)))
      tellChange(deps.events, restore, status, KIND);
    await removeEach(context, decision.remove);
    if (!decision.held && hasFinalizer(restore)) await setFinalizer(restore, false, context);
    if (words !== undefined) return { requeueAfterMs: REFUSED_MS };
    return decision.requeueAfterMs === undefined ? {} : { requeueAfterMs: decision.requeueAfterMs };
  }

  async function observe(
    restore: Identified<TaskAssistantRestore>,
    context: ReconcileContext,
  ): Promise<RestoreSnapshot> {
    const now = deps.now();
    const { namespace, name, uid } = restore.metadata;
    const target = targetOf(restore);
    const pods = watches.pods.byIndex("instance", nameId(target)).filter((pod) => worksFor(pod, restore));
    const run = attempt("restore", restore, pods, now);
    const { backupRef } = restore.spec.source;
    const podIP = run.state === "running" ? run.podIP : undefined;
    const own = (backup: TaskAssistantBackup) => backup.metadata.name === safetyName(restore);
    const safetyBackup = watches.backups.get({ namespace, name: safetyName(restore) });
    return {
      restore,
      view: await deps.views(target, context),
      source: backupRef === undefined ? undefined : watches.backups.get({ namespace, name: backupRef.name }),
      safetyBackup: safetyBackup !== undefined && own(safetyBackup) ? safetyBackup : undefined,
      busy: busyWith(restore, target),
      present: presentIn(watches, namespace),
      run,
      hasPods: pods.some(({ status }) => status.phase !== "Succeeded" && status.phase !== "Failed"),
      progress: podIP === undefined ? undefined : await deps.askProgress(podIP, context.signal),
      objects: [...watches.jobs.byOwner(uid), ...watches.policies.byOwner(uid)],
      now,
    };

    function busyWith({ metadata }: TaskAssistantRestore, assistant: ObjectName): string | undefined {
      const other = watches.restores
        .byIndex("assistant", nameId(assistant))
        .find((each) => each.metadata.name !== name && each.status?.phase === "Running");
      if (other !== undefined) return `restore ${other.metadata.name}`;
      const backup = watches.backups
        .byIndex("assistant", nameId(assistant))
        .find((each) => each.status?.phase === "Running" || each.status?.phase === "Verifying");
      // The deletion of the restore waits for nothing.
      return backup === undefined || metadata.deletionTimestamp !== undefined
        ? undefined
        : `backup ${backup.metadata.name}`;
    }
  }

  /** The restores into an assistant that have not ended. */
  function waiting(assistant: ObjectName): KeyRequest[] {
    return watches.restores.byIndex("assistant", nameId(assistant)).filter(isOpen).map(nameOf);
  }

  /** The pods of the services: a restore waits until they are gone. */
  function ofPod({ metadata }: KubeObject): KeyRequest[] {
    const name = metadata.labels?.["app.kubernetes.io/instance"];
    return name === undefined ? [] : waiting({ namespace: metadata.namespace ?? "", name });
  }

  function inNamespace({ metadata }: KubeObject): KeyRequest[] {
    return watches.restores.list(metadata.namespace).filter(isOpen).map(nameOf);
  }
}

function isOpen({ status }: TaskAssistantRestore): boolean {
  return status?.phase !== "Succeeded" && status?.phase !== "Failed";
}

function hasFinalizer({ metadata }: KubeObject): boolean {
  return metadata.finalizers?.includes(RESTORE_FINALIZER) ?? false;
}

/** Adds or removes the finalizer. The change comes back through the watch. */
async function setFinalizer(
  restore: Identified<TaskAssistantRestore>,
  wanted: boolean,
  { client, signal }: ReconcileContext,
): Promise<Result> {
  if (hasFinalizer(restore) === wanted) return {};
  const { finalizers = [], uid } = restore.metadata;
  const others = finalizers.filter((each) => each !== RESTORE_FINALIZER);
  const patch = { metadata: { uid, finalizers: wanted ? [...others, RESTORE_FINALIZER] : others } };
  try {
    await client.mergePatch(taskAssistantRestoreResource, refOf(restore), patch, { signal });
  } catch (error) {
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
  return {};
}

function targetOf({ metadata, spec }: TaskAssistantRestore): ObjectName {
  return { namespace: metadata.namespace ?? "", name: spec.target.assistantRef.name };
}

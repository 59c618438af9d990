import { BACKUP_REASONS, type TaskAssistantBackup } from "../api/backups/v1alpha1/index.ts";
import type { TaskAssistantRestore } from "../api/restores/v1alpha1/index.ts";
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
import { isFinished } from "../backup-policy/index.ts";
import { type Identified, identified, type KubeObject } from "../kube/index.ts";
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
import { decide } from "./decide.ts";
import type { BackupSnapshot } from "./snapshot.ts";

export interface BackupDeps {
  readonly watches: SharedWatches;
  readonly views: AssistantViews;
  readonly askProgress: AskProgress;
  readonly events: Pick<EventRecorder, "record">;
  readonly now: () => Date;
}

const KIND: OneShotKind = { reasons: BACKUP_REASONS.Complete.reasons, action: "Backup" };

/** The controller of TaskAssistantBackups: it runs the Jobs of each backup and says how far they are. */
export function backupController(deps: BackupDeps): ControllerOptions {
  const { watches } = deps;
  const { ofJob, ofRefusal, worksFor, attempt } = workOf("TaskAssistantBackup", watches);
  return {
    name: "taskassistantbackup",
    primary: { watch: watches.backups, mapToKeys: ofItself },
    watches: [
      { watch: watches.jobs, mapToKeys: ofJob },
      { watch: watches.pods, mapToKeys: ofJob },
      { watch: watches.refusals, mapToKeys: ofRefusal },
      { watch: watches.assistants, mapToKeys: (assistant) => waiting(nameOf(assistant)) },
      {
        watch: watches.backups,
        mapToKeys: (backup, old) => queue(backup as TaskAssistantBackup, old as TaskAssistantBackup | undefined),
      },
      { watch: watches.restores, mapToKeys: (restore) => waiting(targetOf(restore as TaskAssistantRestore)) },
      { watch: watches.secrets, mapToKeys: (secret, _old, change) => (change === "resync" ? [] : inNamespace(secret)) },
      { watch: watches.volumes, mapToKeys: (claim, _old, change) => (change === "resync" ? [] : inNamespace(claim)) },
    ],
    reconcile,
  };

  async function reconcile(name: ObjectName, context: ReconcileContext): Promise<Result> {
    const found = watches.backups.get(name);
    if (found === undefined || found.metadata.deletionTimestamp !== undefined || context.terminating === true)
      return {};
    const backup = identified(found);
    const decision = decide(await observe(backup, context));
    // The names of Jobs follow from the resource: when the process ends here, the next one finds them.
    const words = await createAll(context, decision.create);
    const status =
      words === undefined ? decision.status : refusedStatus(backup, decision.status, words, KIND, deps.now());
    if (await writeOneShotStatus(context, backup, status)) tellChange(deps.events, backup, status, KIND);
    await removeEach(context, decision.remove);
    if (words !== undefined) return { requeueAfterMs: REFUSED_MS };
    return decision.requeueAfterMs === undefined ? {} : { requeueAfterMs: decision.requeueAfterMs };
  }

  async function observe(backup: Identified<TaskAssistantBackup>, context: ReconcileContext): Promise<BackupSnapshot> {
    const now = deps.now();
    const { namespace } = backup.metadata;
    const assistant = assistantOf(backup);
    const pods = watches.pods.byIndex("instance", nameId(assistant)).filter((pod) => worksFor(pod, backup));
    const run = attempt("backup", backup, pods, now);
    const verification = attempt("verify", backup, pods, now);
    const current = verification.state === "running" ? verification : run;
    const podIP = current.state === "running" && !isFinished(backup) ? current.podIP : undefined;
    return {
      backup,
      view: isFinished(backup) ? undefined : await deps.views(assistant, context),
      others: watches.backups
        .byIndex("assistant", nameId(assistant))
        .filter(({ metadata }) => metadata.uid !== backup.metadata.uid && metadata.deletionTimestamp === undefined),
      present: presentIn(watches, namespace),
      run,
      verification,
      progress: podIP === undefined ? undefined : await deps.askProgress(podIP, context.signal),
      policies: watches.policies.byOwner(backup.metadata.uid),
      now,
    };
  }

  /** Those that wait for their turn when another one has ended. */
  function queue(backup: TaskAssistantBackup, old: TaskAssistantBackup | undefined): KeyRequest[] {
    if (old?.status?.phase === backup.status?.phase) return [];
    return waiting(assistantOf(backup)).filter(({ name }) => name !== backup.metadata.name);
  }

  /** The backups of an assistant that have not ended. */
  function waiting(assistant: ObjectName): KeyRequest[] {
    return watches.backups
      .byIndex("assistant", nameId(assistant))
      .filter((backup) => !isFinished(backup))
      .map(nameOf);
  }

  function inNamespace({ metadata }: KubeObject): KeyRequest[] {
    return watches.backups
      .list(metadata.namespace)
      .filter((backup) => (backup.status?.phase ?? "Pending") === "Pending")
      .map(nameOf);
  }
}

function targetOf({ metadata, spec }: TaskAssistantRestore): ObjectName {
  return { namespace: metadata.namespace ?? "", name: spec.target.assistantRef.name };
}

function assistantOf({ metadata, spec }: TaskAssistantBackup): ObjectName {
  return { namespace: metadata.namespace ?? "", name: spec.assistantRef.name };
}

import { type TaskAssistantBackup, taskAssistantBackupResource } from "../../api/backups/v1alpha1/index.ts";
import type { AssistantViews, SharedWatches } from "../../assistants/index.ts";
import { attemptOf, createAll, jobFor, jobNameOf } from "../../backup-jobs/index.ts";
import { folderOf } from "../../backup-policy/index.ts";
import { identified, isAlreadyExists, isConflict, isNotFound, refOf } from "../../kube/index.ts";
import type { ControllerOptions, KeyRequest, ObjectName, ReconcileContext, Result } from "../../runtime/index.ts";
import { nameId } from "../../runtime/index.ts";
import { maxAgeDays, type Stored, schedulePlan } from "./plan.ts";

export interface SchedulerDeps {
  readonly watches: SharedWatches;
  readonly views: AssistantViews;
  readonly now: () => Date;
}

/** Makes the backups of each assistant's schedule, and removes those beyond its retention. */
export function scheduleController({ watches, views, now }: SchedulerDeps): ControllerOptions {
  return {
    name: "taskassistantbackup-schedule",
    primary: { watch: watches.assistants },
    watches: [
      { watch: watches.backups, mapToKeys: ofBackup },
      { watch: watches.jobs, mapToKeys: ({ metadata }) => ofInstance(metadata) },
    ],
    reconcile,
  };

  async function reconcile(name: ObjectName, context: ReconcileContext): Promise<Result> {
    const found = watches.assistants.get(name);
    if (found === undefined || context.terminating === true) return {};
    const assistant = identified(found);
    const backups = watches.backups
      .byIndex("assistant", nameId(name))
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    const plan = schedulePlan({ assistant, backups, stored: storedIn(name, backups), now: now() });
    for (const backup of plan.remove) await forget(backup, context);
    if (plan.create !== undefined) {
      await context.client.create(plan.create, { signal: context.signal }).catch((error: unknown) => {
        // It was made before a restart that the cache has not seen, or the definition is not installed.
        if (!isAlreadyExists(error) && !isNotFound(error)) throw error;
      });
    }
    if (plan.pruneAfter !== undefined) await prune(name, plan.pruneAfter, context);
    return plan.requeueAfterMs === undefined ? {} : { requeueAfterMs: plan.requeueAfterMs };
  }

  /** Runs the Job that removes files, unless it exists. Its name changes with the newest backup. */
  async function prune(name: ObjectName, after: TaskAssistantBackup, context: ReconcileContext): Promise<void> {
    const view = await views(name, context);
    const policy = view?.assistant.spec.backup;
    if (view?.input === undefined || policy === undefined) return;
    const days = maxAgeDays(policy.retention);
    const objects = jobFor(view.input, view.endpoint, {
      command: "prune",
      owner: identified(after),
      destination: policy.destination,
      location: folderOf(policy.destination, name),
      env: {
        RETENTION_KEEP_LAST: String(policy.retention.keepLast),
        ...(days === undefined ? {} : { RETENTION_MAX_AGE_DAYS: String(days) }),
      },
    });
    const words = await createAll(context, objects);
    if (words !== undefined) throw new Error(words);
  }

  /** What the newest prune that is still there says is stored. */
  function storedIn({ namespace, name }: ObjectName, backups: readonly TaskAssistantBackup[]): Stored | undefined {
    const pods = watches.pods.byIndex("instance", nameId({ namespace, name }));
    const results = backups.flatMap((backup) => {
      const job = watches.jobs.get({ namespace, name: jobNameOf({ command: "prune", owner: identified(backup) }) });
      const attempt = attemptOf(job, pods, undefined, now());
      const result = attempt.state === "succeeded" ? attempt.result : undefined;
      if (result?.kept === undefined) return [];
      return { at: job?.metadata.creationTimestamp ?? "", ids: new Set([...result.kept, ...(result.damaged ?? [])]) };
    });
    return results.sort((a, b) => b.at.localeCompare(a.at))[0];
  }
}

async function forget(backup: TaskAssistantBackup, { client, signal }: ReconcileContext): Promise<void> {
  const { uid } = backup.metadata;
  try {
    await client.delete(taskAssistantBackupResource, refOf(backup), {
      signal,
      propagationPolicy: "Background",
      ...(uid === undefined ? {} : { preconditions: { uid } }),
    });
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
}

function ofBackup(backup: unknown): KeyRequest[] {
  const { metadata, spec } = backup as TaskAssistantBackup;
  return [{ namespace: metadata.namespace ?? "", name: spec.assistantRef.name }];
}

function ofInstance({
  namespace,
  labels,
}: {
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
}): KeyRequest[] {
  const name = labels?.["app.kubernetes.io/component"] === "backup" ? labels["app.kubernetes.io/instance"] : undefined;
  return name === undefined ? [] : [{ namespace: namespace ?? "", name }];
}

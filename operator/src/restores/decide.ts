import {
  RESTORE_REASONS,
  type RestoreReasonOf,
  type RestoreStep,
  type TaskAssistantRestoreStatus,
} from "../api/restores/v1alpha1/index.ts";
import type { ReasonEntry } from "../api/taskassistants/v1alpha1/index.ts";
import { backupObject } from "../assistants/desired/index.ts";
import { type Failure, jobFor, jobNameOf, leftoversOf, oneShotConditions, TIDY_MS } from "../backup-jobs/index.ts";
import { isFinished } from "../backup-policy/index.ts";
import type { KubeObject } from "../kube/index.ts";
import { readJobLogs } from "../words/advice.ts";
import { sentence } from "../words/quote.ts";
import type { RestoreSnapshot } from "./snapshot.ts";
import { obstacleOf, placeOf } from "./source.ts";

/** What to do about one restore now. */
export interface Decision {
  /** Undefined leaves it as it is. */
  readonly status?: TaskAssistantRestoreStatus;
  /** Created unless they exist, before the status is written. */
  readonly create: readonly KubeObject[];
  readonly remove: readonly KubeObject[];
  /** Whether the finalizer is needed: the services of the target are stopped. */
  readonly held: boolean;
  readonly requeueAfterMs?: number;
}

type Reason = RestoreReasonOf<"Complete">;
type Fields = Omit<TaskAssistantRestoreStatus, "conditions" | "observedGeneration" | "phase" | "step">;

/** Milliseconds between two questions for the progress. */
const PROGRESS_MS = 2_000;
/** Milliseconds until a restore that waits is looked at again though nothing changed. */
const WAIT_MS = 10_000;
/** How long the pods of the services get to end, in milliseconds. Then the restore gives up, and they start again. */
const STOP_LIMIT_MS = 600_000;

/** Decides the next state of a restore from what is recorded and observed. Pure. */
export function decide(snapshot: RestoreSnapshot): Decision {
  const { restore, objects, hasPods } = snapshot;
  if (restore.metadata.deletionTimestamp !== undefined) return withdraw(snapshot);
  const { phase, step } = restore.status ?? {};
  if (phase === "Succeeded" || phase === "Failed") {
    return { create: [], remove: leftoversOf(objects), held: false };
  }
  switch (step) {
    case "SafetyBackup":
      return safetyBackup(snapshot);
    case "StopServices":
      return stopServices(snapshot);
    case "Restore":
      return runJob(snapshot);
    case "StartServices":
      return startServices(snapshot);
    default:
      return validate({ ...snapshot, hasPods });
  }
}

/** A deleted restore lets the services go as soon as nothing of it can write any more. */
function withdraw({ restore, objects, hasPods }: RestoreSnapshot): Decision {
  const jobs = objects.filter(({ kind }) => kind === "Job");
  const held = jobs.length > 0 || hasPods;
  const status = restore.status;
  return {
    ...(status === undefined || held ? {} : { status: { ...status, phase: "Failed" } }),
    create: [],
    remove: jobs,
    held,
    ...(held ? { requeueAfterMs: PROGRESS_MS } : {}),
  };
}

function validate(snapshot: RestoreSnapshot): Decision {
  const { restore, now } = snapshot;
  const obstacle = obstacleOf(snapshot);
  if (obstacle !== undefined) {
    const status = statusOf(snapshot, "Pending", "Validate", obstacle.reason, obstacle.message, {});
    return { status, create: [], remove: [], held: false, requeueAfterMs: WAIT_MS };
  }
  const place = placeOf(snapshot);
  const fields = { startedAt: timestamp(now), ...("location" in place ? { location: place.location } : {}) };
  return restore.spec.target.mode === "New" ? stopping(snapshot, fields) : savingFirst(snapshot, fields);
}

/** Name of the backup of the data that is there. */
export function safetyName({ metadata }: RestoreSnapshot["restore"]): string {
  return `${metadata.name}-safety`;
}

function savingFirst(snapshot: RestoreSnapshot, fields: Fields): Decision {
  const name = safetyName(snapshot.restore);
  const message = `Backup ${name} of the data that is there is being made first.`;
  const status = statusOf(snapshot, "Running", "SafetyBackup", "SafetyBackup", message, {
    ...fields,
    safetyBackup: name,
  });
  return { status, create: [safetyBackupOf(snapshot)], remove: [], held: false, requeueAfterMs: WAIT_MS };
}

function safetyBackup(snapshot: RestoreSnapshot): Decision {
  const made = snapshot.safetyBackup;
  if (made === undefined || !isFinished(made)) return savingFirst(snapshot, {});
  if (made.status?.phase === "Succeeded") return stopping(snapshot, {});
  const { name, namespace = "" } = made.metadata;
  const why = made.status?.conditions?.find(({ type }) => type === "Complete")?.message ?? "no reason given";
  const message = `Backup ${name} of the data that is there failed, so nothing was changed: ${sentence(why)} Next: kubectl -n ${namespace} describe tab ${name}.`;
  return over(snapshot, "SafetyBackupFailed", message);
}

/** The backup goes where those of the target go, or beside the one that is restored. */
function safetyBackupOf(snapshot: RestoreSnapshot): KubeObject {
  const { restore, view } = snapshot;
  const { namespace, name: restoreName, uid } = restore.metadata;
  const { name } = restore.spec.target.assistantRef;
  const place = placeOf(snapshot);
  const own = view?.assistant.spec.backup === undefined && "location" in place ? place : undefined;
  return backupObject({
    namespace,
    name: safetyName(restore),
    assistant: name,
    cause: "restore",
    annotations: { "taskassistant.dev/restore": `${restoreName} ${uid}` },
    settings: {
      verify: "Never",
      ...(own === undefined ? {} : { destination: own.destination, encryption: own.encryption }),
    },
  });
}

function stopping(snapshot: RestoreSnapshot, fields: Fields): Decision {
  const users = snapshot.view?.databaseUsers ?? [];
  const message = `The services of TaskAssistant ${snapshot.restore.spec.target.assistantRef.name} are being stopped: ${users.length} pods are left.`;
  const stoppedAt = snapshot.restore.status?.stoppedAt ?? timestamp(snapshot.now);
  const status = statusOf(snapshot, "Running", "StopServices", "StoppingServices", message, { ...fields, stoppedAt });
  return { status, create: [], remove: [], held: true, requeueAfterMs: PROGRESS_MS };
}

function stopServices(snapshot: RestoreSnapshot): Decision {
  const { view, restore, now, busy } = snapshot;
  if (view === undefined) return over(snapshot, "RestoreFailed", "The TaskAssistant was deleted. Nothing was changed.");
  if (view.databaseUsers.length === 0 && busy === undefined) return runJob(snapshot);
  if (now.getTime() - Date.parse(restore.status?.stoppedAt ?? "") > STOP_LIMIT_MS) {
    const left = view.databaseUsers.map(({ metadata }) => metadata.name).join(", ") || busy;
    const message = `The services did not stop within ${STOP_LIMIT_MS / 60_000} minutes (${left}), so nothing was changed. Next: kubectl -n ${restore.metadata.namespace} describe pod ${view.databaseUsers[0]?.metadata.name ?? ""}`;
    return over(snapshot, "RestoreFailed", message);
  }
  return stopping(snapshot, {});
}

function runJob(snapshot: RestoreSnapshot): Decision {
  const { restore, run, progress } = snapshot;
  const working = (reason: Reason, message: string, fields: Fields, create: Decision["create"]): Decision => ({
    status: statusOf(snapshot, "Running", "Restore", reason, message, fields),
    create,
    remove: [],
    held: true,
    requeueAfterMs: PROGRESS_MS,
  });
  switch (run.state) {
    case "absent": {
      const objects = jobOf(snapshot);
      if (objects === undefined)
        return over(
          snapshot,
          "RestoreFailed",
          "The database or the backup is not known any more. Nothing was changed.",
        );
      return working("Restoring", "The backup is being restored.", {}, objects);
    }
    case "running": {
      if (run.trouble !== undefined) return working(run.trouble.reason, run.trouble.message, {}, []);
      const { bytes, rows, percent } = progress ?? {};
      const fields = progress === undefined ? {} : { bytes: bytes ?? 0, rows: rows ?? 0, percent: percent ?? 0 };
      return working(
        "Restoring",
        `The backup is being restored${progress === undefined ? "" : `: ${progress.step}`}.`,
        fields,
        [],
      );
    }
    case "failed":
      return failed(snapshot, run.failure);
    case "succeeded": {
      const { bytes, rows, sha256: digest, release, schemaVersion } = run.result ?? {};
      const told = Object.entries({ bytes, rows, digest, release, schemaVersion }).filter(
        ([, value]) => value !== undefined,
      );
      const fields = { ...Object.fromEntries(told), percent: 100, restoredAt: timestamp(snapshot.now) };
      const { name } = restore.spec.target.assistantRef;
      const message = `The data is restored. The services of TaskAssistant ${name} are starting.`;
      const status = statusOf(snapshot, "Running", "StartServices", "StartingServices", message, fields);
      return { status, create: [], remove: [], held: false, requeueAfterMs: WAIT_MS };
    }
  }
}

function jobOf(snapshot: RestoreSnapshot) {
  const { view, restore } = snapshot;
  const place = placeOf(snapshot);
  if (view?.input === undefined || view.endpoint === undefined || !("location" in place)) return undefined;
  return jobFor(view.input, view.endpoint, { command: "restore", owner: restore, ...place });
}

/** The operator of the assistant migrates the restored data and starts the services on it. */
function startServices(snapshot: RestoreSnapshot): Decision {
  const { restore, view, now } = snapshot;
  const { name } = restore.spec.target.assistantRef;
  const ready = view?.assistant.status?.conditions?.find(({ type }) => type === "Ready");
  const isSeen = view?.assistant.status?.database?.restore === restore.metadata.uid;
  if (isSeen && ready?.status === "True") {
    const message = `The backup is restored into TaskAssistant ${name}.`;
    const status = statusOf(snapshot, "Succeeded", "Done", "Succeeded", message, {
      percent: 100,
      finishedAt: timestamp(now),
    });
    return { status, create: [], remove: [], held: false, requeueAfterMs: TIDY_MS };
  }
  const why = isSeen && ready !== undefined ? ` TaskAssistant ${name} is not Ready yet: ${ready.message}` : "";
  const message = `The data is restored.${why || ` The services of TaskAssistant ${name} are starting.`}`;
  const status = statusOf(snapshot, "Running", "StartServices", "StartingServices", message, {});
  return { status, create: [], remove: [], held: false, requeueAfterMs: WAIT_MS };
}

function failed(snapshot: RestoreSnapshot, { reason, message }: Failure): Decision {
  const { restore } = snapshot;
  const next = readJobLogs(restore.metadata.namespace, jobNameOf({ command: "restore", owner: restore }));
  const known = Object.hasOwn(RESTORE_REASONS.Complete.reasons, reason) ? (reason as Reason) : "RestoreFailed";
  return over(
    snapshot,
    known,
    `${sentence(message)} The data is as it was before, and the services start again. ${next}`,
  );
}

/** The restore has failed, and the services start again on the old data. */
function over(snapshot: RestoreSnapshot, reason: Reason, message: string): Decision {
  const step = snapshot.restore.status?.step ?? "Validate";
  const status = statusOf(snapshot, "Failed", step, reason, message, { finishedAt: timestamp(snapshot.now) });
  return { status, create: [], remove: [], held: false, requeueAfterMs: TIDY_MS };
}

function statusOf(
  { restore, now }: RestoreSnapshot,
  phase: NonNullable<TaskAssistantRestoreStatus["phase"]>,
  step: RestoreStep,
  reason: Reason,
  message: string,
  fields: Fields,
): TaskAssistantRestoreStatus {
  const { conditions: previous, ...kept } = restore.status ?? {};
  const generation = restore.metadata.generation ?? 0;
  const ended = phase === "Succeeded" || phase === "Failed";
  const entry: ReasonEntry = RESTORE_REASONS.Complete.reasons[reason];
  return {
    ...kept,
    ...fields,
    observedGeneration: generation,
    phase,
    step,
    conditions: oneShotConditions({ reason, message, ended }, entry, previous, generation, now),
  };
}

function timestamp(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}

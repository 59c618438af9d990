import {
  BACKUP_REASONS,
  type BackupPhase,
  type BackupReasonOf,
  type TaskAssistantBackupStatus,
} from "../api/backups/v1alpha1/index.ts";
import type { ReasonEntry } from "../api/taskassistants/v1alpha1/index.ts";
import {
  type Attempt,
  type Command,
  type Failure,
  jobFor,
  jobNameOf,
  leftoversOf,
  oneShotConditions,
  type Result,
  type Run,
  TIDY_MS,
} from "../backup-jobs/index.ts";
import { isFinished, isVerified } from "../backup-policy/index.ts";
import type { Job, NetworkPolicy } from "../kinds/index.ts";
import type { KubeObject } from "../kube/index.ts";
import { readJobLogs } from "../words/advice.ts";
import { sentence } from "../words/quote.ts";
import { obstacleOf } from "./obstacle.ts";
import type { BackupSnapshot } from "./snapshot.ts";

/** What to do about one backup now. */
export interface Decision {
  readonly status: TaskAssistantBackupStatus;
  /** Created unless they exist, before the status is written. */
  readonly create: readonly (NetworkPolicy | Job)[];
  readonly remove: readonly KubeObject[];
  readonly requeueAfterMs?: number;
}

type Reason = BackupReasonOf<"Complete">;
type Fields = Omit<TaskAssistantBackupStatus, "conditions" | "observedGeneration">;

/** Milliseconds between two questions for the progress. */
const PROGRESS_MS = 2_000;
/** Milliseconds until a backup that waits is looked at again though nothing changed. */
const WAIT_MS = 10_000;

/** Decides the next state of a backup from what is recorded and observed. Pure. */
export function decide(snapshot: BackupSnapshot): Decision {
  const { backup, policies } = snapshot;
  if (isFinished(backup)) return { status: backup.status ?? {}, create: [], remove: leftoversOf(policies) };
  switch (backup.status?.phase) {
    case "Running":
      return follow(snapshot, "backup", snapshot.run, (result) => stored(snapshot, result));
    case "Verifying":
      return follow(snapshot, "verify", snapshot.verification, () => verified(snapshot));
    default:
      return begin(snapshot);
  }
}

function begin(snapshot: BackupSnapshot): Decision {
  const obstacle = obstacleOf(snapshot);
  if ("reason" in obstacle) {
    const { reason, message } = obstacle;
    return { ...ending(snapshot, "Pending", reason, message, {}), requeueAfterMs: WAIT_MS };
  }
  const { destination, encryption, location } = obstacle;
  const fields = { step: "starting", destination, encryption, location, startedAt: timestamp(snapshot.now) };
  return working(snapshot, "Running", "Running", "The backup is starting.", fields, "backup");
}

/** Follows a Job; `done` says what comes after it. */
function follow(
  snapshot: BackupSnapshot,
  command: Extract<Command, "backup" | "verify">,
  attempt: Attempt,
  done: (result: Result | undefined) => Decision,
): Decision {
  const phase = command === "backup" ? "Running" : "Verifying";
  switch (attempt.state) {
    case "absent":
      return working(
        snapshot,
        phase,
        phase,
        `Job ${jobNameOf({ command, owner: snapshot.backup })} is starting.`,
        {},
        command,
      );
    case "succeeded":
      return done(attempt.result);
    case "failed":
      return failed(snapshot, command, attempt.failure);
    case "running": {
      const { progress } = snapshot;
      const { trouble } = attempt;
      if (trouble !== undefined) return { ...working(snapshot, phase, trouble.reason, trouble.message, {}, command) };
      const fields =
        progress === undefined
          ? {}
          : command === "backup"
            ? progress
            : { step: progress.step, percent: progress.percent };
      const words =
        command === "backup"
          ? "The database is being stored."
          : "The backup is being restored into a scratch database.";
      return working(snapshot, phase, phase, words, fields, command);
    }
  }
}

/** The backup is stored. A verification may follow. */
function stored(snapshot: BackupSnapshot, result: Result | undefined): Decision {
  const { backup, view, others, now } = snapshot;
  const fields = resultFields(result);
  const policy = view?.assistant.spec.backup?.verify ?? "Never";
  if (isVerified(backup, policy, others, now)) {
    return working(
      snapshot,
      "Verifying",
      "Verifying",
      "The backup is stored and will be verified.",
      { ...fields, step: "starting" },
      "verify",
    );
  }
  return ending(snapshot, "Succeeded", "Succeeded", "The backup is stored.", {
    ...fields,
    step: "done",
    percent: 100,
    finishedAt: timestamp(now),
  });
}

function verified(snapshot: BackupSnapshot): Decision {
  const at = timestamp(snapshot.now);
  const fields = { step: "done", percent: 100, verifiedAt: at, finishedAt: at };
  return ending(snapshot, "Succeeded", "Succeeded", "The backup is stored, and was verified.", fields);
}

function failed(snapshot: BackupSnapshot, command: Command, { reason, message }: Failure): Decision {
  const { backup, now } = snapshot;
  const next = readJobLogs(backup.metadata.namespace, jobNameOf({ command, owner: backup }));
  const known = command === "verify" ? "VerificationFailed" : reasonOf(reason);
  const fields = { finishedAt: timestamp(now) };
  return ending(snapshot, "Failed", known, `${sentence(message)} ${next}`, fields);
}

/** A reason of the program that is one of the condition. */
function reasonOf(reason: string): Reason {
  return Object.hasOwn(BACKUP_REASONS.Complete.reasons, reason) ? (reason as Reason) : "BackupFailed";
}

function working(
  snapshot: BackupSnapshot,
  phase: Extract<BackupPhase, "Running" | "Verifying">,
  reason: Reason,
  message: string,
  fields: Fields,
  command: Extract<Command, "backup" | "verify">,
): Decision {
  const status = statusOf(snapshot, phase, reason, message, fields);
  const attempt = command === "backup" ? snapshot.run : snapshot.verification;
  const create = attempt.state === "absent" ? objects(snapshot, status, command) : [];
  return { status, create, remove: [], requeueAfterMs: PROGRESS_MS };
}

function ending(
  snapshot: BackupSnapshot,
  phase: BackupPhase,
  reason: Reason,
  message: string,
  fields: Fields,
): Decision {
  return {
    status: statusOf(snapshot, phase, reason, message, fields),
    create: [],
    remove: [],
    requeueAfterMs: TIDY_MS,
  };
}

/** The Job of a command. Without an assistant there is nothing to build it from, and it is tried again. */
function objects({ backup, view }: BackupSnapshot, status: TaskAssistantBackupStatus, command: Command) {
  const { destination, encryption, location } = status;
  if (view?.input === undefined || view.endpoint === undefined) return [];
  if (destination === undefined || encryption === undefined || location === undefined) return [];
  const run: Run = { command, owner: backup, destination, encryption, location };
  return jobFor(view.input, view.endpoint, run);
}

function statusOf(
  snapshot: BackupSnapshot,
  phase: BackupPhase,
  reason: Reason,
  message: string,
  fields: Fields,
): TaskAssistantBackupStatus {
  const { backup, now } = snapshot;
  const { conditions: previous, ...kept } = backup.status ?? {};
  const generation = backup.metadata.generation ?? 0;
  const ended = phase === "Succeeded" || phase === "Failed";
  const entry: ReasonEntry = BACKUP_REASONS.Complete.reasons[reason];
  return {
    ...kept,
    ...fields,
    observedGeneration: generation,
    phase,
    conditions: oneShotConditions({ reason, message, ended }, entry, previous, generation, now),
  };
}

function resultFields(result: Result | undefined): Fields {
  if (result === undefined) return {};
  const { bytes, rows, sha256: digest, schemaVersion, release, postgresVersion } = result;
  const fields = { bytes, rows, digest, schemaVersion, release, postgresVersion };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function timestamp(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}

import type { ReasonCatalogue } from "../../taskassistants/v1alpha1/reasons/entry.ts";
import { before, program, progress } from "../../taskassistants/v1alpha1/reasons/one-shot.ts";
import { podTrouble } from "../../taskassistants/v1alpha1/reasons/pods.ts";

/** Every condition and every reason of a TaskAssistantRestore. The reference page is generated from it. */
export const RESTORE_REASONS = {
  Complete: {
    meaning: "The data is that of the backup, and the assistant is Ready again.",
    reasons: {
      Succeeded: { status: "True", meaning: "The backup is restored." },
      ...before,
      AssistantFrozen: {
        status: "False",
        needsUser: true,
        meaning: "An annotation of the TaskAssistant keeps the operator from stopping its services.",
        fix: "Remove it. The message has the command.",
      },
      BackupNotReady: {
        status: "False",
        needsUser: true,
        meaning: "The TaskAssistantBackup has failed.",
        fix: "Create a restore of another backup.",
      },
      SafetyBackup: { status: "False", meaning: "The data that is there is being backed up first." },
      SafetyBackupFailed: {
        status: "False",
        warning: true,
        meaning: "The data that is there could not be backed up, so nothing was changed.",
        fix: "See the TaskAssistantBackup in the message. If the data is lost anyway, create a restore with `target.mode: New`.",
      },
      StoppingServices: { status: "False", meaning: "The services of the assistant are being stopped." },
      Restoring: { status: "False", meaning: "The backup is being restored." },
      StartingServices: { status: "False", meaning: "The data is restored, and the services are starting." },
      RestoreFailed: {
        status: "False",
        warning: true,
        meaning: "The restore failed. The old data is still there, and the services run on it again.",
        fix: "The message quotes the error. Try again with a new resource.",
      },
      ...program,
      ...podTrouble,
    },
  },
  ...progress,
} as const satisfies ReasonCatalogue;

export type RestoreConditionType = keyof typeof RESTORE_REASONS;
/** The reasons of one condition type. */
export type RestoreReasonOf<T extends RestoreConditionType> = Extract<
  keyof (typeof RESTORE_REASONS)[T]["reasons"],
  string
>;

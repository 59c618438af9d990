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
      SchemaTooNew: {
        status: "False",
        warning: true,
        meaning: "The backup is from a newer release than the one that runs.",
        fix: "Upgrade the assistant, then try again with a new resource.",
      },
      SchemaTooOld: {
        status: "False",
        warning: true,
        meaning: "The backup is from a release that is too old for the one that runs.",
        fix: "Restore it into an assistant of an older release, and upgrade that one step by step.",
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

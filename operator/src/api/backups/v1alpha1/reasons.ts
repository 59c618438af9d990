import type { ReasonCatalogue } from "../../taskassistants/v1alpha1/reasons/entry.ts";
import { before, program, progress } from "../../taskassistants/v1alpha1/reasons/one-shot.ts";
import { podTrouble } from "../../taskassistants/v1alpha1/reasons/pods.ts";

/** Every condition and every reason of a TaskAssistantBackup. The reference page is generated from it. */
export const BACKUP_REASONS = {
  Complete: {
    meaning: "The backup exists and, if that was asked for, was verified.",
    reasons: {
      Succeeded: { status: "True", meaning: "The backup is stored." },
      ...before,
      Running: { status: "False", meaning: "The database is being stored." },
      Verifying: { status: "False", meaning: "The backup is being restored into a scratch database." },
      BackupFailed: {
        status: "False",
        warning: true,
        meaning: "The backup failed. Nothing of it counts as a backup.",
        fix: "The message quotes the error. Try again with a new resource.",
      },
      VerificationFailed: {
        status: "False",
        warning: true,
        meaning: "The backup is stored, but its verification failed.",
        fix: "The message quotes the error. Make another backup; do not rely on this one.",
      },
      ...program,
      ...podTrouble,
    },
  },
  ...progress,
} as const satisfies ReasonCatalogue;

export type BackupConditionType = keyof typeof BACKUP_REASONS;
/** The reasons of one condition type. */
export type BackupReasonOf<T extends BackupConditionType> = Extract<
  keyof (typeof BACKUP_REASONS)[T]["reasons"],
  string
>;

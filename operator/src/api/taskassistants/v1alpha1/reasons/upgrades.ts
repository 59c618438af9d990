import type { ReasonCatalogue } from "./entry.ts";

/** The way from one release to another. */
export const upgrades = {
  Upgradeable: {
    meaning:
      "The assistant runs the release that the spec asks for, or is on its way there, or waits for a moment that you chose. When it is False, the release before goes on running, so Ready does not depend on it.",
    reasons: {
      UpToDate: { status: "True", meaning: "The release that the spec asks for runs." },
      NewerRelease: {
        status: "True",
        meaning: "The operator brings a newer release, and the spec stays on the one that runs.",
        fix: "Set `version` to the newer one when it suits you. The message has the command.",
      },
      Upgrading: { status: "True", meaning: "An upgrade is in progress. The message says how far it is." },
      WaitingForWindow: {
        status: "True",
        meaning: "An upgrade waits for `upgrade.window`.",
        fix: "The annotation `taskassistant.dev/upgrade-now` begins it at once. The message has the command.",
      },
      WaitingForApproval: {
        status: "True",
        meaning: "An upgrade would change the schema, and `database.migrations.policy` is Manual.",
        fix: "The annotation `taskassistant.dev/upgrade-now` allows it. The message has the command.",
      },
      WaitingForRestore: {
        status: "True",
        meaning: "An upgrade waits until a restore has ended.",
        fix: "Nothing. `kubectl get tar` shows how far the restore is.",
      },
      Suspended: { status: "Unknown", meaning: "`suspend` is true.", fix: "Set `suspend: false`." },
      UnsupportedVersion: {
        status: "Unknown",
        meaning: "The operator doesn't know the release, so it changes nothing.",
        fix: "See `Accepted`.",
      },
      RollingBack: {
        status: "False",
        meaning: "An upgrade failed or was cancelled, and the pods go back to the release before it.",
        fix: "See the message for the cause.",
      },
      RolledBack: {
        status: "False",
        warning: true,
        meaning: "An upgrade failed. The release before it runs again, and the operator will try once more.",
        fix: "See the message for the cause and for the time of the next try.",
      },
      UpgradeStopped: {
        status: "False",
        warning: true,
        meaning:
          "A step of an upgrade failed, and there is no way back: `upgrade.rollbackOnFailure` is false, or the release before does not work on the schema.",
        fix: "Repair the cause. The upgrade goes on by itself. Or name another release.",
      },
      RollbackFailed: {
        status: "False",
        warning: true,
        meaning: "The pods of the release before a failed upgrade do not become ready either.",
        fix: "Look into the conditions of the tiers. Set `version` to try a release again.",
      },
      UpgradeFailed: {
        status: "False",
        needsUser: true,
        warning: true,
        meaning: "The upgrade failed three times. The release before it runs, and nothing more is tried.",
        fix: "Repair the cause and change the spec, or set `version` to the release that runs. The message has the commands.",
      },
      DowngradeRefused: {
        status: "False",
        needsUser: true,
        meaning: "The older release does not work on the schema of the database.",
        fix: "Stay on the release that runs, or restore a backup that the older one made.",
      },
      NoUpgradePath: {
        status: "False",
        needsUser: true,
        meaning: "The operator does not know the releases in between that the database needs.",
        fix: "Upgrade the operator in smaller steps, so that it brings the releases in between.",
      },
    },
  },
} as const satisfies ReasonCatalogue;

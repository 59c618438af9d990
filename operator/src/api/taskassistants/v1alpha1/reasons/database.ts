import type { ReasonCatalogue } from "./entry.ts";
import { podTrouble } from "./pods.ts";

/** The database, and the Jobs that work on it. */
export const database = {
  DatabaseReady: {
    meaning: "PostgreSQL can be used.",
    reasons: {
      Available: { status: "True", meaning: "The database accepts connections." },
      DatabaseStarting: { status: "False", passing: true, meaning: "The database pod is starting." },
      Suspended: { status: "False", meaning: "`suspend` is true.", fix: "Set `suspend: false`." },
      Waiting: {
        status: "False",
        passing: true,
        meaning: "The database is waiting for something else.",
        fix: "See the message.",
      },
      CredentialsMissing: {
        status: "False",
        needsUser: true,
        meaning:
          "A credential Secret is missing while the data exists. The operator never generates it again: the data would be unreadable.",
        fix: "Restore the Secret from your backup, or give up the data. The message has the commands for both.",
      },
      DataVolumeMissing: {
        status: "False",
        needsUser: true,
        meaning: "The volume claim that held the data is missing or being deleted.",
        fix: "Restore it, or start empty. The message has the commands.",
      },
      VolumePending: {
        status: "False",
        warning: true,
        meaning: "The volume claim isn't bound.",
        fix: "`kubectl describe pvc`; a cluster without a default storage class needs `database.managed.storage.storageClassName`.",
      },
      Unknown: { status: "Unknown", meaning: "An external database has not been reached yet." },
      Unreachable: {
        status: "False",
        warning: true,
        meaning: "The external database can't be used.",
        fix: "See `MigrationsApplied`.",
      },
      ...podTrouble,
    },
  },
  MigrationsApplied: {
    meaning: "Schema, roles and row-level security match the release.",
    reasons: {
      Applied: { status: "True", meaning: "The migration Job succeeded." },
      Upgrading: {
        status: "True",
        meaning: "The schema serves the release that runs, and is being brought to that of the next one.",
      },
      Waiting: {
        status: "False",
        passing: true,
        meaning: "The migration is waiting for the database or a Secret.",
        fix: "See the message.",
      },
      Migrating: { status: "False", passing: true, meaning: "The migration Job is running." },
      Suspended: { status: "Unknown", meaning: "`suspend` is true.", fix: "Set `suspend: false`." },
      DatabaseUnreachable: {
        status: "False",
        warning: true,
        meaning: "The database can't be reached.",
        fix: "Check the address, the firewall and `database.external.cidrs`. The operator retries by itself.",
      },
      AuthenticationFailed: {
        status: "False",
        needsUser: true,
        meaning: "The database refuses the user or the password.",
        fix: "Correct the key `uri` of the database Secret.",
      },
      PermissionDenied: {
        status: "False",
        needsUser: true,
        meaning: "The database user may not create roles or schemas.",
        fix: "`ALTER ROLE name CREATEROLE` and `GRANT CREATE ON DATABASE`.",
      },
      ForeignData: {
        status: "False",
        needsUser: true,
        meaning: "The database holds the data of another assistant or program.",
        fix: "Use another database, or restore the credential Secrets that belong to this data.",
      },
      SchemaTooNew: {
        status: "False",
        needsUser: true,
        meaning: "The database was used by a newer release.",
        fix: "Set `version` to that release.",
      },
      MigrationFailed: {
        status: "False",
        warning: true,
        meaning: "The migration failed.",
        fix: "The message quotes the error.",
      },
      ...podTrouble,
    },
  },
  BackupHealthy: {
    meaning:
      "The data is backed up as `backup` asks. Only a resource with `backup` has this condition, and Ready does not depend on it.",
    reasons: {
      Succeeded: { status: "True", meaning: "The last backup succeeded, and so did the last verification." },
      NoBackupYet: { status: "Unknown", meaning: "No backup has been made yet." },
      Suspended: {
        status: "Unknown",
        meaning: "`backup.suspend` or `suspend` is true, so the schedule rests.",
        fix: "Set it to false.",
      },
      BackupBlocked: {
        status: "False",
        warning: true,
        meaning: "A backup can't begin, because something is missing.",
        fix: "The message says what, and has the command that creates it.",
      },
      BackupFailed: {
        status: "False",
        warning: true,
        meaning: "The last backup failed.",
        fix: "The message quotes the error and names the backup. `kubectl get tab` lists all of them.",
      },
      VerificationFailed: {
        status: "False",
        warning: true,
        meaning: "The last backup is stored, but its verification failed.",
        fix: "Make another one, and do not rely on this one.",
      },
      Overdue: {
        status: "False",
        warning: true,
        meaning: "A backup of the schedule should have succeeded an hour ago.",
        fix: "The message says what it waits for.",
      },
    },
  },
  MaintenanceHealthy: {
    meaning:
      "What has expired is deleted once a day. The assistant works without it for a while, so Ready does not depend on it.",
    reasons: {
      Succeeded: { status: "True", meaning: "The last run of the CronJob succeeded." },
      NotRunYet: { status: "Unknown", meaning: "The CronJob has not run yet. It does so once a day." },
      Running: { status: "Unknown", meaning: "The CronJob is running." },
      Waiting: { status: "Unknown", meaning: "The CronJob has not been created yet.", fix: "See the message." },
      Suspended: { status: "Unknown", meaning: "`suspend` is true.", fix: "Set `suspend: false`." },
      MaintenanceFailed: {
        status: "False",
        warning: true,
        meaning: "The last run failed, so the trash, the audit and ended sessions grow.",
        fix: "The message quotes the end of its output and has the commands to read the rest and to run it again.",
      },
      ...podTrouble,
    },
  },
} as const satisfies ReasonCatalogue;

import type { ReasonEntry } from "./entry.ts";

/** What a resource that is carried out once says before its work begins. */
export const before = {
  Pending: {
    status: "Unknown",
    meaning: "No operator has looked at the resource yet. The definition gives each new resource this reason.",
    fix: "If it stays: is an operator installed, and do its `watchNamespaces` name the namespace?",
  },
  NotWatched: {
    status: "Unknown",
    meaning: "No operator watches the namespace any more, so the work rests.",
    fix: "Name the namespace in the chart's `watchNamespaces` again, and it goes on.",
  },
  Waiting: {
    status: "False",
    meaning: "It waits for something that ends by itself: another backup or restore, or the database.",
    fix: "See the message.",
  },
  AssistantNotFound: {
    status: "False",
    needsUser: true,
    meaning: "There is no TaskAssistant of this name in the namespace.",
    fix: "Create it, or delete this resource and create one with the right name.",
  },
  AssistantSuspended: {
    status: "False",
    needsUser: true,
    meaning: "The database is stopped, because `suspend` of the TaskAssistant is true.",
    fix: "Set `suspend: false`.",
  },
  DestinationMissing: {
    status: "False",
    needsUser: true,
    meaning: "Neither this resource nor the TaskAssistant says where backups are stored and what encrypts them.",
    fix: "Set `backup` of the TaskAssistant, or name destination and encryption in a new resource.",
  },
  SecretNotFound: {
    status: "False",
    needsUser: true,
    meaning: "A Secret does not exist.",
    fix: "Create it with the command in the message. The operator notices at once.",
  },
  SecretKeyNotFound: {
    status: "False",
    needsUser: true,
    meaning: "A Secret exists but lacks the key.",
    fix: "Add the key with the command in the message.",
  },
  ClaimNotFound: {
    status: "False",
    needsUser: true,
    meaning: "The volume claim of the destination does not exist.",
    fix: "Create it. The operator notices at once.",
  },
  ApplyRefused: {
    status: "False",
    warning: true,
    meaning: "The API server refuses the Job or its network policy.",
    fix: "The message quotes the API server. The operator tries again every ten seconds.",
  },
} as const satisfies Record<string, ReasonEntry>;

/** What the program of a backup or restore can say. */
export const program = {
  DatabaseUnreachable: {
    status: "False",
    warning: true,
    meaning: "The database can't be reached.",
    fix: "See `DatabaseReady` of the TaskAssistant, then try again with a new resource.",
  },
  AuthenticationFailed: {
    status: "False",
    warning: true,
    meaning: "The database refuses the user or the password.",
    fix: "Correct the key `uri` of the database Secret, then try again with a new resource.",
  },
  PermissionDenied: {
    status: "False",
    warning: true,
    meaning: "The database user may not do what is needed.",
    fix: "The message names it. Grant it, then try again with a new resource.",
  },
  ForeignData: {
    status: "False",
    warning: true,
    meaning: "The database holds the data of another assistant or program.",
    fix: "Use a database of its own.",
  },
  AuthSecretMismatch: {
    status: "False",
    warning: true,
    meaning: "The session Secret is not the one that the data was made with.",
    fix: "Restore the Secret that belongs to the data.",
  },
  NothingToBackUp: {
    status: "False",
    warning: true,
    meaning: "The database holds no data of the assistant yet.",
    fix: "Wait until the TaskAssistant is Ready.",
  },
  DatabaseInUse: {
    status: "False",
    warning: true,
    meaning: "Another session holds tables of the database.",
    fix: "The message names it. End it, then try again with a new resource.",
  },
  DatabaseFull: {
    status: "False",
    warning: true,
    meaning: "The disk of the database is full.",
    fix: "Grow the volume, then try again with a new resource.",
  },
  CreateDatabaseNotAllowed: {
    status: "False",
    warning: true,
    meaning: "A backup is verified in a scratch database, which the database user may not create.",
    fix: "Grant CREATEDB, or set `backup.verify: Never`.",
  },
  ServerTooNew: {
    status: "False",
    warning: true,
    meaning: "The database server is newer than every client of the image.",
    fix: "Upgrade the operator.",
  },
  ServerTooOld: {
    status: "False",
    warning: true,
    meaning: "The database server is too old for the backup.",
    fix: "Restore into a newer server.",
  },
  SchemaTooNew: {
    status: "False",
    warning: true,
    meaning: "The schema is newer than the release knows.",
    fix: "Upgrade the assistant, then try again with a new resource.",
  },
  DumpFailed: {
    status: "False",
    warning: true,
    meaning: "pg_dump failed.",
    fix: "The message quotes it.",
  },
  IdentityInvalid: {
    status: "False",
    warning: true,
    meaning: "The Secret holds no age identity.",
    fix: "Put one into its key `identity`; `age-keygen` writes one.",
  },
  WrongIdentity: {
    status: "False",
    warning: true,
    meaning: "The backup was encrypted with another identity.",
    fix: "Name the Secret with the right one in `encryption`.",
  },
  LocationInvalid: {
    status: "False",
    warning: true,
    meaning: "The location can't be used.",
    fix: "The message says why.",
  },
  BackupNotFound: {
    status: "False",
    needsUser: true,
    warning: true,
    meaning: "There is no backup: no TaskAssistantBackup of this name, or no files at the location.",
    fix: "`kubectl get tab` lists the backups with their locations.",
  },
  BackupIncomplete: {
    status: "False",
    warning: true,
    meaning: "The backup was interrupted before it was complete.",
    fix: "Use another one.",
  },
  BackupDamaged: {
    status: "False",
    warning: true,
    meaning: "The files are not those that were written.",
    fix: "Use another backup, and look into the storage.",
  },
  BackupTooNew: {
    status: "False",
    warning: true,
    meaning: "The backup has a form that this release does not know.",
    fix: "Upgrade the assistant, then try again with a new resource.",
  },
  ManifestMismatch: {
    status: "False",
    warning: true,
    meaning: "The files belong to different backups.",
    fix: "Use another backup.",
  },
  DataMismatch: {
    status: "False",
    warning: true,
    meaning: "What was restored differs from what was saved.",
    fix: "Use another backup, and look into the storage.",
  },
  StorageUnreachable: {
    status: "False",
    warning: true,
    meaning: "The object store or the volume can't be reached.",
    fix: "Check endpoint, region and `forcePathStyle`, then try again with a new resource.",
  },
  StorageCertificateUntrusted: {
    status: "False",
    warning: true,
    meaning: "The certificate of the store is not trusted.",
    fix: "Name its authority in `caBundleRef`.",
  },
  StorageCredentialsRefused: {
    status: "False",
    warning: true,
    meaning: "The store refuses the credentials.",
    fix: "Correct the Secret, then try again with a new resource.",
  },
  StorageAccessDenied: {
    status: "False",
    warning: true,
    meaning: "The credentials may not do what is needed.",
    fix: "Correct the policy of the bucket, or the owner of the folder.",
  },
  StorageRegionWrong: {
    status: "False",
    warning: true,
    meaning: "The bucket is in another region.",
    fix: "Correct `region`.",
  },
  StorageFull: {
    status: "False",
    warning: true,
    meaning: "The volume or the quota of the bucket is full.",
    fix: "Make room, then try again with a new resource.",
  },
  StorageFailed: {
    status: "False",
    warning: true,
    meaning: "The store failed.",
    fix: "The message quotes it. Try again with a new resource.",
  },
  BucketNotFound: {
    status: "False",
    warning: true,
    meaning: "There is no bucket of this name.",
    fix: "Create it, or correct `bucket`.",
  },
  ClockSkew: {
    status: "False",
    warning: true,
    meaning: "The clocks of the node and of the store differ too much.",
    fix: "Set the clock of the node.",
  },
  Interrupted: {
    status: "False",
    warning: true,
    meaning: "The pod was stopped before it was done.",
    fix: "Try again with a new resource.",
  },
} as const satisfies Record<string, ReasonEntry>;

/** The conditions that GitOps tools read, for a resource that is carried out once. */
export const progress = {
  Reconciling: {
    meaning: "The work is not done yet. kstatus and GitOps tools read this condition.",
    reasons: {
      Settled: { status: "False", meaning: "It has succeeded or failed." },
      Pending: { status: "True", meaning: "No operator has looked at the resource yet." },
      Progressing: { status: "True", meaning: "It waits or works." },
    },
  },
  Stalled: {
    meaning: "It has failed, or waits for you. kstatus and GitOps tools read this condition.",
    reasons: {
      NotStalled: { status: "False", meaning: "Nothing blocks progress." },
      UserActionNeeded: { status: "True", meaning: "`Complete` says what to do.", fix: "See the message." },
      Failed: {
        status: "True",
        meaning: "It has failed and is not tried again.",
        fix: "See `Complete`, then create a new resource.",
      },
    },
  },
} as const;

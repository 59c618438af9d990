import type { ReasonEntry } from "./entry.ts";

/** What a resource that is carried out once says before its work begins. */
export const before = {
  Pending: {
    status: "Unknown",
    meaning: "No operator has looked at the resource yet. The definition gives each new resource this reason.",
    fix: "If it stays: is an operator installed, and do its `watchNamespaces` name the namespace?",
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

/** What the program of a backup or restore can say about the database and the place where backups are stored. */
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
  ServerUnsupported: {
    status: "False",
    warning: true,
    meaning: "The database server is newer than every pg_dump of the image.",
    fix: "Upgrade the operator.",
  },
  StorageUnreachable: {
    status: "False",
    warning: true,
    meaning: "The object store or the volume can't be reached.",
    fix: "Check endpoint, region, `forcePathStyle` and `caBundleRef`, then try again with a new resource.",
  },
  StorageDenied: {
    status: "False",
    warning: true,
    meaning: "The object store refuses the credentials, or they may not do what is needed.",
    fix: "Correct the Secret or the policy of the bucket, then try again with a new resource.",
  },
  KeyUnusable: {
    status: "False",
    warning: true,
    meaning: "The age identity is not one, or the backup was encrypted with another.",
    fix: "Put the right identity into the Secret, then try again with a new resource.",
  },
  BackupNotFound: {
    status: "False",
    needsUser: true,
    warning: true,
    meaning: "There is no backup: no TaskAssistantBackup of this name, or no manifest at the location.",
    fix: "`kubectl get tab` lists the backups with their locations.",
  },
  BackupDamaged: {
    status: "False",
    warning: true,
    meaning: "The files are not those that were written, or what was restored differs from what was saved.",
    fix: "Use another backup, and look into the storage.",
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

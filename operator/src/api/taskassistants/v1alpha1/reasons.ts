/** One reason of a condition: what it means, and what a person can do about it. */
export interface ReasonEntry {
  readonly status: "True" | "False" | "Unknown";
  readonly meaning: string;
  readonly fix?: string;
  /** Nothing changes until a person acts. Shown as Stalled. */
  readonly needsUser?: true;
  /** Its Event is a warning, though it may pass without a person. */
  readonly warning?: true;
}

/** A condition type: its meaning and all its reasons. */
export type ReasonCatalogue = Readonly<
  Record<string, { readonly meaning: string; readonly reasons: Readonly<Record<string, ReasonEntry>> }>
>;

/** Trouble that the pods of any workload can have. */
const podTrouble = {
  PodsRefused: {
    status: "False",
    needsUser: true,
    warning: true,
    meaning: "The API server refuses the pods: quota, limit range, PodSecurity, an admission policy or webhook.",
    fix: "The message quotes the API server and has the next command. Kubernetes tries again by itself, though after up to 17 minutes.",
  },
  Unschedulable: {
    status: "False",
    warning: true,
    meaning: "No node can run the pod.",
    fix: "`kubectl describe pod` names what is missing. Lower `resources`, add a node, or free one.",
  },
  ImagePullFailed: {
    status: "False",
    warning: true,
    meaning: "The image can't be pulled.",
    fix: "Correct `image`, `images.registry` or `images.pullSecrets`; on a local cluster load the image into the node.",
  },
  ContainerConfigError: {
    status: "False",
    warning: true,
    meaning: "The container can't be created, usually because something it needs is missing.",
    fix: "Create what the message names.",
  },
  CrashLooping: {
    status: "False",
    warning: true,
    meaning: "The container keeps crashing. The message quotes the end of its output.",
    fix: "`kubectl logs -l app.kubernetes.io/name=taskassistant-COMPONENT --previous`.",
  },
} as const satisfies Record<string, ReasonEntry>;

const server = {
  Available: { status: "True", meaning: "The server runs and its pods are ready." },
  Suspended: { status: "False", meaning: "`suspend` is true.", fix: "Set `suspend: false`." },
  ScaledToZero: { status: "False", meaning: "The replica count is 0.", fix: "`kubectl scale`, or `replicas`." },
  Waiting: {
    status: "False",
    meaning: "It is waiting for something else, such as the migration or a Secret. The message names it.",
    fix: "See the condition named in the message.",
  },
  RollingOut: { status: "False", meaning: "Pods are starting." },
  ...podTrouble,
} as const satisfies Record<string, ReasonEntry>;

/** Every condition and every reason there is. The reference page is generated from it. */
export const REASONS = {
  Ready: {
    meaning:
      "People can use the assistant: every tier is available and, within the last minute, the sign-in page, the key set, the MCP server and, through the frontend, the API answered through their Services. When it is False, it repeats the reason and message of the first condition that is not True, in the order Accepted, DatabaseReady, MigrationsApplied, FrontendAvailable, ApiAvailable, McpVerified, ModelReachable, Exposed.",
    reasons: {
      Ready: { status: "True", meaning: "The assistant works." },
      Pending: {
        status: "Unknown",
        meaning: "No operator has looked at the resource yet. The definition gives each new resource this reason.",
        fix: "If it stays: is an operator installed, and do its `watchNamespaces` name the namespace?",
      },
      NotWatched: {
        status: "Unknown",
        meaning:
          "An upgrade of the operator took the namespace out of `watchNamespaces`. Nobody keeps the status true.",
        fix: "Name the namespace in `watchNamespaces` again, or delete the resource. The message has the command.",
      },
      Suspended: {
        status: "False",
        meaning: "`suspend` is true.",
        fix: "Set `suspend: false`. `helm --wait` and Flux wait for Ready and never end; wait for the suspension itself with `kubectl wait ta/NAME --for=condition=Suspended`.",
      },
      Deleting: { status: "False", meaning: "The resource is being deleted." },
      ApplyRefused: {
        status: "False",
        warning: true,
        meaning: "The API server refuses an object.",
        fix: "See `Stalled`.",
      },
      ApplyFailed: {
        status: "False",
        warning: true,
        meaning: "The API server could not write an object, and something that people need is missing.",
        fix: "The message quotes the API server. The operator tries again every ten seconds.",
      },
      ReconcileFailed: {
        status: "Unknown",
        warning: true,
        meaning: "The operator failed while it looked at the resource, so it can't say how the assistant is.",
        fix: "The message quotes the error. The operator tries again within 30 seconds. Please report it with the operator's log.",
      },
      FieldConflict: {
        status: "False",
        warning: true,
        meaning: "Another program keeps changing fields that the operator sets.",
        fix: "See `Stalled`.",
      },
      ProbeFailed: {
        status: "False",
        warning: true,
        meaning: "The pods are ready, but what people use does not answer: a page, or the API behind the frontend.",
        fix: "The message names the address and the answer. The cause is often a NetworkPolicy or DNS.",
      },
    },
  },
  Accepted: {
    meaning: "The operator can carry out the resource: everything it names exists.",
    reasons: {
      Accepted: { status: "True", meaning: "Nothing is missing." },
      UnsupportedVersion: {
        status: "False",
        needsUser: true,
        meaning: "The operator doesn't know this release.",
        fix: "Use one of the versions in the message, or upgrade the operator.",
      },
      SecretNotFound: {
        status: "False",
        needsUser: true,
        meaning: "A Secret that the spec names does not exist.",
        fix: "Create it with the command in the message. The operator notices at once.",
      },
      SecretKeyNotFound: {
        status: "False",
        needsUser: true,
        meaning: "A Secret exists but lacks the key.",
        fix: "Add the key, or name the right one in the spec.",
      },
      ConfigMapNotFound: {
        status: "False",
        needsUser: true,
        meaning: "A ConfigMap that the spec names does not exist.",
        fix: "Create it with the command in the message. The operator notices at once.",
      },
      ConfigMapKeyNotFound: {
        status: "False",
        needsUser: true,
        meaning: "A ConfigMap exists but lacks the key.",
        fix: "Add the key, or name the right one in the spec.",
      },
      SecretUnreadable: {
        status: "Unknown",
        warning: true,
        meaning: "The operator can't read the Secret with the address of the database.",
        fix: "The message quotes the API server. The operator tries again every ten seconds.",
      },
      InvalidField: {
        status: "False",
        needsUser: true,
        meaning: "A field of the spec holds a text that can't be used, such as JSON with a mistake.",
        fix: "The message names the field and what is wrong with it. Correct it; the running pods stay as they are until then.",
      },
      InvalidDatabaseURI: {
        status: "False",
        needsUser: true,
        meaning: "The key `uri` of the database Secret is not a usable address.",
        fix: "Write it as `postgresql://user:password@host:5432/database`.",
      },
      NameConflict: {
        status: "False",
        needsUser: true,
        meaning: "An object with a name that the operator needs exists and belongs to somebody else.",
        fix: "Rename the TaskAssistant or remove the object.",
      },
    },
  },
  Reconciling: {
    meaning: "The cluster does not match the spec yet. kstatus and GitOps tools read this condition.",
    reasons: {
      Settled: { status: "False", meaning: "Nothing is in progress." },
      Pending: { status: "True", meaning: "No operator has looked at the resource yet." },
      Progressing: { status: "True", meaning: "Something is being created, migrated, rolled out or deleted." },
      ApplyFailed: {
        status: "True",
        warning: true,
        meaning: "The API server could not write an object, for example because it is restarting.",
        fix: "The message quotes the API server. The operator tries again every ten seconds.",
      },
    },
  },
  Stalled: {
    meaning: "The operator makes no progress without you. kstatus and GitOps tools read this condition.",
    reasons: {
      NotStalled: { status: "False", meaning: "Nothing blocks progress." },
      NotWatched: { status: "True", meaning: "No operator watches the namespace any more.", fix: "See `Ready`." },
      UserActionNeeded: { status: "True", meaning: "Another condition says what to do.", fix: "See the message." },
      ApplyRefused: {
        status: "True",
        warning: true,
        meaning:
          "The API server refuses an object: quota, admission policy, a webhook that can't be reached, an invalid value or a missing permission.",
        fix: "The message quotes the API server and has the next command. The operator tries again every ten seconds.",
      },
      FieldConflict: {
        status: "True",
        warning: true,
        meaning: "Another program keeps changing a field that the operator sets.",
        fix: "Stop the program named in the message, or set the field in the TaskAssistant instead.",
      },
      VolumeNotExpandable: {
        status: "True",
        warning: true,
        meaning:
          "The storage class does not let the data volume grow. The assistant goes on working with the volume as it is, so Ready does not change.",
        fix: "Write the old size back, or allow the class to expand volumes. The message has both commands.",
      },
    },
  },
  DatabaseReady: {
    meaning: "PostgreSQL can be used.",
    reasons: {
      Available: { status: "True", meaning: "The database accepts connections." },
      DatabaseStarting: { status: "False", meaning: "The database pod is starting." },
      Suspended: { status: "False", meaning: "`suspend` is true.", fix: "Set `suspend: false`." },
      Waiting: { status: "False", meaning: "The database is waiting for something else.", fix: "See the message." },
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
      Waiting: {
        status: "False",
        meaning: "The migration is waiting for the database or a Secret.",
        fix: "See the message.",
      },
      Migrating: { status: "False", meaning: "The migration Job is running." },
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
  FrontendAvailable: { meaning: "The web application runs.", reasons: server },
  ApiAvailable: { meaning: "The API runs.", reasons: server },
  McpVerified: {
    meaning:
      "The MCP server runs and answers as the protocol requires: with its metadata, and with 401 and a challenge to a request without a token.",
    reasons: {
      Verified: { status: "True", meaning: "It answered within the last minute." },
      ProbesDisabled: {
        status: "True",
        meaning: "The pods are ready. Probes are disabled in the operator's settings.",
      },
      ProbeFailed: {
        status: "False",
        warning: true,
        meaning: "The pods are ready, but the server does not answer as it should.",
        fix: "The message quotes the answer.",
      },
      ...server,
    },
  },
  ModelReachable: {
    meaning: "The built-in model runs. Other providers are not probed, and the condition is absent.",
    reasons: server,
  },
  Exposed: {
    meaning: "People can reach the web application at the URL.",
    reasons: {
      ClusterIP: {
        status: "True",
        meaning: "By port-forward, or by a route that you provide.",
        fix: "`kubectl port-forward svc/NAME-frontend 3000`.",
      },
      IngressApplied: {
        status: "True",
        meaning: "The Ingress exists.",
        fix: "Name the addresses of the ingress controller in `exposure.trustedProxies`, if the message asks for it.",
      },
      TLSSecretNotFound: {
        status: "False",
        warning: true,
        meaning: "The TLS Secret does not exist yet.",
        fix: "Create it, or let cert-manager do it with an annotation in `exposure.ingress.annotations`.",
      },
      Waiting: { status: "False", meaning: "The Ingress has not been created yet.", fix: "See the message." },
    },
  },
  Suspended: {
    meaning: "The assistant is stopped because you set `suspend`.",
    reasons: {
      Suspended: { status: "True", meaning: "`suspend` is true.", fix: "Set `suspend: false`." },
      NotSuspended: { status: "False", meaning: "`suspend` is false." },
    },
  },
} as const satisfies ReasonCatalogue;

/** Condition types. */
export type ConditionType = keyof typeof REASONS;

/** The reasons of one condition type. */
export type ReasonOf<T extends ConditionType> = Extract<keyof (typeof REASONS)[T]["reasons"], string>;

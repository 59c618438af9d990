import type { ReasonCatalogue } from "./entry.ts";

/** The resource as a whole: what it asks for, and how far it is. */
export const summaries = {
  Ready: {
    meaning:
      "People can use the assistant: every tier is available and, within the last minute, the sign-in page, the key set, the MCP server and, through the frontend, the API answered through their Services. When it is False, it repeats the reason and message of the first condition that is not True, in the order Accepted, DatabaseReady, MigrationsApplied, FrontendAvailable, ApiAvailable, McpVerified, ModelReachable, Exposed. ModelReachable counts only with the built-in model.",
    reasons: {
      Ready: { status: "True", meaning: "The assistant works." },
      Upgrading: {
        status: "True",
        meaning:
          "The assistant works while its pods are replaced by those of another release. The message says how far it is.",
      },
      RollingBack: {
        status: "True",
        meaning:
          "The assistant works while its pods go back to the release before an upgrade that failed or was cancelled.",
      },
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
      Paused: {
        status: "as found",
        meaning:
          "The annotation `taskassistant.dev/reconcile: disabled` is set. The operator goes on looking and changes nothing.",
        fix: "Remove the annotation. The message has the command.",
      },
      Restoring: {
        status: "False",
        meaning:
          "The services are stopped while a backup is being restored. They start again when it has succeeded or failed.",
        fix: "`kubectl get tar` shows how far it is.",
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
        passing: true,
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
        passing: true,
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
      Paused: { status: "True", meaning: "Something waits for the pause to end.", fix: "See `Paused`." },
      PlanWaits: {
        status: "True",
        meaning: "`status.plan` says what would happen once the annotation `taskassistant.dev/plan` is removed.",
        fix: "Read the plan, then remove the annotation ([how to](../how-to/plan.md)).",
      },
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
      NotUpgradeable: {
        status: "True",
        meaning:
          "The release that the spec asks for can't be installed. The one before it runs, so Ready does not change.",
        fix: "See `Upgradeable`.",
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
  Suspended: {
    meaning: "The assistant is stopped because you set `suspend`.",
    reasons: {
      Suspended: { status: "True", meaning: "`suspend` is true.", fix: "Set `suspend: false`." },
      NotSuspended: { status: "False", meaning: "`suspend` is false." },
    },
  },
  Paused: {
    meaning:
      "You keep the operator from writing anything but the status, with the annotation `taskassistant.dev/reconcile: disabled`. Deleting the resource meanwhile deletes what it owns, and keeps volume and credentials whatever `deletion.policy` says.",
    reasons: {
      Paused: {
        status: "True",
        meaning: "The operator writes no object. Pods go on running, and Kubernetes goes on replacing them.",
        fix: "Remove the annotation. The message has the command.",
      },
      NotPaused: { status: "False", meaning: "The operator carries out the resource." },
      UnknownValue: {
        status: "False",
        warning: true,
        meaning: "An annotation that would pause the operator, or make it plan, has a value that means nothing.",
        fix: "The message names the value that does.",
      },
    },
  },
} as const satisfies ReasonCatalogue;

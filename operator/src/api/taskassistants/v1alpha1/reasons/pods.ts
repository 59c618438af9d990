import type { ReasonEntry } from "./entry.ts";

/** Trouble that the pods of any workload can have. */
export const podTrouble = {
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

/** What a server can lack. */
export const server = {
  Available: { status: "True", meaning: "The server runs and its pods are ready." },
  Suspended: { status: "False", meaning: "`suspend` is true.", fix: "Set `suspend: false`." },
  Restoring: { status: "False", meaning: "The services are stopped while a backup is being restored." },
  ScaledToZero: { status: "False", meaning: "The replica count is 0.", fix: "`kubectl scale`, or `replicas`." },
  Waiting: {
    status: "False",
    passing: true,
    meaning: "It is waiting for something else, such as the migration or a Secret. The message names it.",
    fix: "See the condition named in the message.",
  },
  RollingOut: { status: "False", passing: true, meaning: "Pods are starting." },
  ...podTrouble,
} as const satisfies Record<string, ReasonEntry>;

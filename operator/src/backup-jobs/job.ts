import type { Destination, Encryption } from "../api/backups/v1alpha1/index.ts";
import {
  authSecretKey,
  backupPod,
  childLabels,
  type DatabaseEndpoint,
  type DesiredInput,
  databaseMode,
  fromSecret,
  literal,
  namesOf,
  SECRET_KEYS,
  selectorLabels,
  tlsEnv,
} from "../assistants/desired/index.ts";
import type { Job, NetworkPolicy } from "../kinds/index.ts";
import type { Identified, KubeObject, ObjectMeta } from "../kube/index.ts";
import type { EnvVar } from "../kube/objects.ts";
import { destinationEgress, destinationEnv, destinationVolumes } from "./destination.ts";

/** What the program is asked to do. */
export type Command = "backup" | "verify" | "restore" | "prune";

/** Key of the user's Secret with the age identity. */
export const IDENTITY_KEY = "identity";
/** Names the TaskAssistantBackup or TaskAssistantRestore that a Job works for, on the Job and its pods. */
export const WORKS_FOR = {
  TaskAssistantBackup: "taskassistant.dev/backup",
  TaskAssistantRestore: "taskassistant.dev/restore",
} as const;

/** Seconds for one Job, retries included. */
const DEADLINE_SECONDS = 6 * 3600;
/** Seconds for which a Job that ended stays, with its log. */
const KEPT_SECONDS = 24 * 3600;

/** One run of the program. */
export interface Run {
  readonly command: Command;
  /** The resource that it works for and is deleted with. */
  readonly owner: Identified<KubeObject>;
  readonly destination: Destination;
  /** Not for prune, which reads no content. */
  readonly encryption?: Encryption;
  readonly location: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Name of the Job. It follows from the owner, so that a retry finds the Job. */
export function jobNameOf({ command, owner }: Pick<Run, "command" | "owner">): string {
  const { name } = owner.metadata;
  // A restore may have the name of a backup.
  return command === "backup" ? `${name}-run` : `${name}-${command}`;
}

/** The Job, and the policy that lets its pod reach an object store. Where the database is unknown, prune alone can run. */
export function jobFor(input: DesiredInput, endpoint: DatabaseEndpoint | undefined, run: Run): (NetworkPolicy | Job)[] {
  const name = jobNameOf(run);
  const policy = storagePolicy(input, run, name);
  const { volumes, volumeMounts } = destinationVolumes(run.destination);
  const template = backupPod(input, {
    command: run.command,
    env: [
      ...(run.command === "prune" || endpoint === undefined ? [] : databaseEnv(input, endpoint)),
      ...(run.encryption === undefined
        ? []
        : [fromSecret("BACKUP_IDENTITY", { name: run.encryption.secretRef.name, key: IDENTITY_KEY })]),
      literal("BACKUP_LOCATION", run.location),
      ...destinationEnv(run.destination),
      ...Object.entries(run.env ?? {}).map(([variable, value]) => literal(variable, value)),
    ],
    volumes,
    volumeMounts,
  });
  const labels = worksFor(run.owner);
  const job: Job = {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: meta(input, run.owner, name),
    spec: {
      backoffLimit: 2,
      activeDeadlineSeconds: DEADLINE_SECONDS,
      ttlSecondsAfterFinished: KEPT_SECONDS,
      completions: 1,
      parallelism: 1,
      template: {
        ...template,
        metadata: { ...template.metadata, labels: { ...template.metadata?.labels, ...labels } },
      },
    },
  };
  return policy === undefined ? [job] : [policy, job];
}

function storagePolicy(input: DesiredInput, run: Run, name: string): NetworkPolicy | undefined {
  const egress = destinationEgress(run.destination, input);
  if (egress.length === 0) return undefined;
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: meta(input, run.owner, name),
    spec: {
      podSelector: { matchLabels: { ...selectorLabels(input.name, "backup"), ...worksFor(run.owner) } },
      policyTypes: ["Egress"],
      ingress: [],
      egress,
    },
  };
}

function databaseEnv(input: DesiredInput, endpoint: DatabaseEndpoint): EnvVar[] {
  return [
    ...databaseMode(input.spec).adminEnv(input, endpoint),
    ...tlsEnv(input),
    fromSecret("INSTANCE_ID", { name: namesOf(input.name).databaseSecret, key: SECRET_KEYS.instanceId }),
    fromSecret("BETTER_AUTH_SECRET", authSecretKey(input)),
  ];
}

function worksFor({ kind, metadata }: KubeObject): Record<string, string> {
  const label = kind === "TaskAssistantBackup" || kind === "TaskAssistantRestore" ? WORKS_FOR[kind] : undefined;
  return label === undefined ? {} : { [label]: metadata.name };
}

function meta(input: DesiredInput, owner: Identified<KubeObject>, name: string): ObjectMeta {
  const { apiVersion, kind, metadata } = owner;
  return {
    name,
    namespace: input.namespace,
    labels: { ...childLabels(input.name, "backup"), ...worksFor(owner) },
    ownerReferences: [
      { apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true, blockOwnerDeletion: true },
    ],
  };
}

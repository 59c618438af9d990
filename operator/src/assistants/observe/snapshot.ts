import type { TaskAssistantBackup } from "../../api/backups/v1alpha1/index.ts";
import type { TaskAssistantRestore } from "../../api/restores/v1alpha1/index.ts";
import type { TaskAssistant } from "../../api/taskassistants/v1alpha1/index.ts";
import type { Job, LiveJob } from "../../kinds/index.ts";
import type { Identified, LiveObject } from "../../kube/index.ts";
import type { PodRefusal, PodSummary } from "../../pods/index.ts";
import type { ObjectName } from "../../runtime/index.ts";
import { type DataKey, type DataObject, databaseMode, type ExternalAddress } from "../desired/index.ts";
import type { ReducedData } from "./fingerprints.ts";

export interface LiveDeployment extends LiveObject {
  readonly spec?: { readonly replicas?: number; readonly [field: string]: unknown };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly readyReplicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly conditions?: readonly { type: string; status: string; message?: string }[];
    readonly [field: string]: unknown;
  };
}

export interface LiveVolume extends LiveObject {
  readonly spec?: {
    readonly storageClassName?: string;
    readonly resources?: { readonly requests?: { readonly storage?: string } };
    readonly [field: string]: unknown;
  };
  readonly status?: { readonly phase?: string; readonly [field: string]: unknown };
}

/** Everything a plan is made from, the resource and its surroundings at one moment. Nothing in it changes later. */
export interface Snapshot {
  readonly key: ObjectName;
  readonly assistant: Identified<TaskAssistant>;
  /** By `childId`: what has our label or names the resource as its owner, and what has the name of a child. Secrets are apart. */
  readonly children: ReadonlyMap<string, LiveObject>;
  /** By name: the Secrets that the operator generates and those that the spec names. */
  readonly secrets: ReadonlyMap<string, ReducedData>;
  /** By name: the ConfigMaps that the spec names. */
  readonly configMaps: ReadonlyMap<string, ReducedData>;
  /** The claim of the data volume; undefined in a mode without one. */
  readonly volume: LiveVolume | undefined;
  readonly pods: readonly PodSummary[];
  /** By `childId`: the last time that the API server refused a pod of this Job or StatefulSet. */
  readonly refusals: ReadonlyMap<string, PodRefusal>;
  /** Backups of this assistant, and restores into it. */
  readonly backups: readonly TaskAssistantBackup[];
  readonly restores: readonly TaskAssistantRestore[];
  readonly external: ExternalAddress | undefined;
  readonly now: Date;
}

/** Identifies a child within its assistant. */
export function childId(kind: string, name: string): string {
  return `${kind}/${name}`;
}

/**
 * The claim that the data of this resource is on. One that was being deleted before the resource recorded it belonged to an
 * earlier resource of the same name, and so did its data.
 */
export function ownVolume({ assistant, volume }: Pick<Snapshot, "assistant" | "volume">): LiveVolume | undefined {
  const isRecorded = assistant.status?.database?.volume !== undefined;
  return volume?.metadata.deletionTimestamp !== undefined && !isRecorded ? undefined : volume;
}

/** The children that name the resource as their owner. */
export function ownedChildren({ assistant, children }: Snapshot): LiveObject[] {
  return [...children.values()].filter(({ metadata }) =>
    metadata.ownerReferences?.some(({ uid }) => uid === assistant.metadata.uid),
  );
}

/** The Deployment of a component. */
export function liveDeployment({ children }: Snapshot, name: string): LiveDeployment | undefined {
  return children.get(childId("Deployment", name));
}

/** The Deployment controller has seen the spec, and all pods have the newest template and are ready. */
export function isComplete({ metadata, spec, status }: LiveDeployment): boolean {
  const wanted = spec?.replicas ?? 1;
  const {
    observedGeneration = 0,
    replicas = 0,
    readyReplicas = 0,
    updatedReplicas = 0,
    availableReplicas = 0,
  } = status ?? {};
  return (
    observedGeneration >= (metadata.generation ?? 0) &&
    updatedReplicas >= wanted &&
    readyReplicas >= wanted &&
    availableReplicas >= wanted &&
    replicas === updatedReplicas
  );
}

/** The object that runs the database; undefined when it does not exist or the operator does not run the database. */
export function liveDatabase({ assistant, children }: Snapshot): LiveObject | undefined {
  const server = databaseMode(assistant.spec).server(assistant.metadata.name);
  return server === undefined ? undefined : children.get(childId(server.kind, server.name));
}

/** The Job with the name of this one. */
export function liveJob({ children }: Snapshot, job: Job | undefined): LiveJob | undefined {
  return job === undefined ? undefined : children.get(childId("Job", job.metadata.name));
}

/** The Secret or ConfigMap; undefined when it does not exist. */
export function dataOf({ secrets, configMaps }: Snapshot, { kind, name }: DataObject): ReducedData | undefined {
  return (kind === "Secret" ? secrets : configMaps).get(name);
}

/** The keyed fingerprint of a value; undefined when the object or the key does not exist. */
export function fingerprintOf(snapshot: Snapshot, key: DataKey): string | undefined {
  return dataOf(snapshot, key)?.fingerprints[key.key];
}

/** The keys of a Secret or ConfigMap, sorted, so that their order never changes a pod; none when it does not exist. */
export function keysOf(snapshot: Snapshot, object: DataObject): string[] {
  return Object.keys(dataOf(snapshot, object)?.fingerprints ?? {}).sort();
}

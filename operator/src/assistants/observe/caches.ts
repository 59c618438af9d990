import { type TaskAssistantBackup, taskAssistantBackupResource } from "../../api/backups/v1alpha1/index.ts";
import { type TaskAssistantRestore, taskAssistantRestoreResource } from "../../api/restores/v1alpha1/index.ts";
import { type TaskAssistant, taskAssistantResource } from "../../api/taskassistants/v1alpha1/index.ts";
import type { LiveJob } from "../../kinds/index.ts";
import { CHILD_KINDS, type ChildKind, childKinds } from "../../kinds/index.ts";
import { builtin, type Identified, identified, type KubeObject, type LiveObject } from "../../kube/index.ts";
import {
  BY_REGARDING,
  newestRefusal,
  type PodRefusal,
  type PodSummary,
  reducePod,
  reduceRefusal,
} from "../../pods/index.ts";
import {
  type ChangeType,
  changedByUser,
  type KeyRequest,
  type Manager,
  nameId,
  nameOf,
  type ObjectName,
  PRIORITY,
  type PrimarySource,
  type ReadCache,
  type Source,
  type Watch,
} from "../../runtime/index.ts";
import {
  assistantOf,
  COMPONENTS,
  type DataKind,
  databaseMode,
  type ExternalAddress,
  MANAGED_BY,
  namesOf,
  watchedNames,
} from "../desired/index.ts";
import { withoutDefaultStatus } from "./default-status.ts";
import { dataReducer, type ReducedData } from "./fingerprints.ts";
import { childId, type LiveVolume, type Snapshot } from "./snapshot.ts";

/** What the operator knows about the cluster. It changes with every event of a watch. */
export interface Caches {
  readonly assistants: ReadCache<TaskAssistant>;
  /** What is known about one resource now, as a value; undefined when the resource is gone. */
  snapshot(key: ObjectName, external: ExternalAddress | undefined, now: Date): Snapshot | undefined;
  secret(namespace: string, name: string): ReducedData | undefined;
}

/** What the controller follows. */
export interface CacheSources {
  readonly primary: PrimarySource;
  readonly watches: readonly Source[];
  /** For the controllers of backups and restores. */
  readonly shared: SharedWatches;
}

/** Watches of several controllers. */
export interface SharedWatches {
  readonly assistants: Watch<TaskAssistant>;
  readonly backups: Watch<TaskAssistantBackup>;
  readonly restores: Watch<TaskAssistantRestore>;
  readonly jobs: Watch<LiveJob>;
  readonly policies: Watch<LiveObject>;
  readonly pods: Watch<PodSummary>;
  /** With the index BY_REGARDING: the uid of the object whose pods are refused. */
  readonly refusals: Watch<PodRefusal>;
  readonly secrets: Watch<ReducedData>;
  readonly volumes: Watch<LiveVolume>;
}

const OURS = { "app.kubernetes.io/managed-by": MANAGED_BY };
const BY_DATA = "data";
const DATA_KINDS: readonly DataKind[] = ["Secret", "ConfigMap"];
const BY_INSTANCE = "instance";
/** Index of backups and restores: `namespace/name` of their assistant. */
export const BY_ASSISTANT = "assistant";

/**
 * Types of Secrets that no field of a TaskAssistant means. The API server leaves them out: hundreds of Helm releases, each up to
 * a megabyte, would fill the operator's memory while they are listed.
 */
const FOREIGN_SECRET_TYPES = [
  "helm.sh/release.v1",
  "kubernetes.io/service-account-token",
  "kubernetes.io/dockercfg",
  "kubernetes.io/dockerconfigjson",
  "bootstrap.kubernetes.io/token",
];
const RELEVANT_SECRETS = FOREIGN_SECRET_TYPES.map((type) => `type!=${type}`).join(",");
/** Kubernetes puts it into every namespace. */
const RELEVANT_CONFIG_MAPS = "metadata.name!=kube-root-ca.crt";
/** A Secret or ConfigMap holds up to a megabyte, and a page is in memory as a whole. */
const DATA_PER_PAGE = 10;

/** Declares every watch and which resources a change concerns. Call before the manager runs. */
export function createCaches(manager: Manager, hmacKey: Uint8Array): Caches & CacheSources {
  const assistants = manager.watch<TaskAssistant>({
    resource: taskAssistantResource,
    transform: withoutDefaultStatus,
    indexes: {
      [BY_DATA]: ({ metadata, spec }) =>
        DATA_KINDS.flatMap((kind) => watchedNames(spec, kind).map((name) => `${kind} ${metadata.namespace}/${name}`)),
    },
  });
  const children = new Map(
    childKinds(({ adopted }) => adopted === "when marked").map((kind) => {
      const { resource, watch }: ChildKind = CHILD_KINDS[kind];
      const selection = watch === "whole" ? {} : { labelSelector: OURS };
      return [kind as string, manager.watch<LiveObject>({ resource, ...selection, indexes: instanceIndex })];
    }),
  );
  const pods = manager.watch<PodSummary>({
    resource: builtin.Pod,
    labelSelector: OURS,
    transform: reducePod,
    indexes: instanceIndex,
  });
  // Without their definitions, assistants work as before.
  const backups = manager.watch<TaskAssistantBackup>({
    resource: taskAssistantBackupResource,
    optional: true,
    transform: withoutDefaultStatus,
    indexes: { [BY_ASSISTANT]: (backup) => ofBackup(backup).map(nameId) },
  });
  const restores = manager.watch<TaskAssistantRestore>({
    resource: taskAssistantRestoreResource,
    optional: true,
    transform: withoutDefaultStatus,
    indexes: { [BY_ASSISTANT]: (restore) => ofRestore(restore).map(nameId) },
  });
  const refusals = manager.watch<PodRefusal>({
    resource: builtin.Event,
    fieldSelector: "reason=FailedCreate,type=Warning",
    transform: reduceRefusal,
    indexes: { [BY_REGARDING]: ({ regarding }) => [regarding.uid] },
  });
  // An object that is adopted by name may have no label of ours, so its name identifies its assistant.
  const volumes = manager.watch<LiveVolume>({ resource: CHILD_KINDS.PersistentVolumeClaim.resource });
  const secrets = manager.watch<ReducedData>({
    resource: CHILD_KINDS.Secret.resource,
    transform: dataReducer(hmacKey),
    fieldSelector: RELEVANT_SECRETS,
    pageSize: DATA_PER_PAGE,
  });
  const configMaps = manager.watch<ReducedData>({
    resource: builtin.ConfigMap,
    transform: dataReducer(hmacKey),
    fieldSelector: RELEVANT_CONFIG_MAPS,
    pageSize: DATA_PER_PAGE,
  });

  /** The assistant of the Job or StatefulSet whose pods are refused. The words of a repeated Event are no news. */
  function ofRefusal({ regarding, metadata, note }: PodRefusal, old: PodRefusal | undefined): KeyRequest[] {
    const found = children.get(regarding.kind)?.get({ namespace: metadata.namespace ?? "", name: regarding.name });
    return found === undefined || old?.note === note ? [] : ofInstance(found);
  }

  /** The last refusal of a pod, by the `childId` of the object that wanted to create it. */
  function refusalsOf(found: ReadonlyMap<string, LiveObject>): Map<string, PodRefusal> {
    return new Map(
      [...found].flatMap(([id, { metadata }]) => {
        const newest =
          metadata.uid === undefined ? undefined : newestRefusal(refusals.byIndex(BY_REGARDING, metadata.uid));
        return newest === undefined ? [] : [[id, newest] as const];
      }),
    );
  }

  /** The assistants that use a Secret or ConfigMap. */
  function usersOf(kind: DataKind, { metadata }: KubeObject): KeyRequest[] {
    return assistants.byIndex(BY_DATA, `${kind} ${metadata.namespace}/${metadata.name}`).map(nameOf);
  }

  /** The assistants that use a Secret, and the one it was made for. */
  function ofSecret(secret: KubeObject): KeyRequest[] {
    return [...usersOf("Secret", secret), ...ofName(secret.metadata.namespace, secret.metadata.name)];
  }

  /** The assistant whose claim or Secret has this name, if there is one. */
  function ofName(namespace: string | undefined, childName: string): KeyRequest[] {
    const name = assistantOf(childName);
    if (name === undefined) return [];
    const key = { namespace: namespace ?? "", name };
    return assistants.get(key) === undefined ? [] : [key];
  }

  function childrenOf(
    { metadata }: Identified<TaskAssistant>,
    volume: LiveVolume | undefined,
  ): Map<string, LiveObject> {
    const { namespace, name, uid } = metadata;
    const found = [...children.values()].flatMap((cache) => [
      ...cache.byOwner(uid),
      ...cache.byIndex(BY_INSTANCE, nameId({ namespace, name })),
      // A foreign object that has the name of a child carries neither label nor owner of ours.
      ...childNames(name).flatMap((childName) => cache.get({ namespace, name: childName }) ?? []),
    ]);
    return new Map(
      [...found, ...(volume === undefined ? [] : [volume])].map((child) => [
        childId(child.kind, child.metadata.name),
        child,
      ]),
    );
  }

  function secretsOf({ metadata, spec }: Identified<TaskAssistant>): Map<string, ReducedData> {
    const { namespace, name } = metadata;
    const { databaseSecret, authSecret, exchangeSecret, maintenanceSecret } = namesOf(name);
    return new Map(
      [databaseSecret, authSecret, exchangeSecret, maintenanceSecret, ...watchedNames(spec, "Secret")].flatMap(
        (secretName) => {
          const found = secrets.get({ namespace, name: secretName });
          return found === undefined ? [] : [[secretName, found] as const];
        },
      ),
    );
  }

  function configMapsOf({ metadata, spec }: Identified<TaskAssistant>): Map<string, ReducedData> {
    const { namespace } = metadata;
    return new Map(
      watchedNames(spec, "ConfigMap").flatMap((name) => {
        const found = configMaps.get({ namespace, name });
        return found === undefined ? [] : [[name, found] as const];
      }),
    );
  }

  return {
    assistants,
    primary: { watch: assistants, mapToKeys: ofItself },
    watches: [
      ...[...children.values()].map((watch) => ({ watch, mapToKeys: ofInstance })),
      { watch: pods, mapToKeys: ofInstance },
      { watch: backups, mapToKeys: ofBackup },
      { watch: restores, mapToKeys: ofRestore },
      { watch: refusals, mapToKeys: ofRefusal },
      { watch: volumes, mapToKeys: ({ metadata }) => ofName(metadata.namespace, metadata.name) },
      { watch: secrets, mapToKeys: (secret, _old, change) => (change === "resync" ? [] : ofSecret(secret)) },
      {
        watch: configMaps,
        mapToKeys: (configMap, _old, change) => (change === "resync" ? [] : usersOf("ConfigMap", configMap)),
      },
    ],
    shared: {
      assistants,
      backups,
      restores,
      jobs: children.get("Job") as Watch<LiveJob>,
      policies: children.get("NetworkPolicy") as Watch<LiveObject>,
      pods,
      refusals,
      secrets,
      volumes,
    },
    secret: (namespace, name) => secrets.get({ namespace, name }),
    snapshot(key, external, now) {
      const found = assistants.get(key);
      if (found === undefined) return undefined;
      const assistant = identified(found);
      const claim = databaseMode(assistant.spec).volumeClaim(key.name);
      const volume = claim === undefined ? undefined : volumes.get({ namespace: key.namespace, name: claim });
      const present = childrenOf(assistant, volume);
      return {
        key,
        assistant,
        external,
        now,
        children: present,
        secrets: secretsOf(assistant),
        configMaps: configMapsOf(assistant),
        volume,
        pods: pods.byIndex(BY_INSTANCE, nameId(key)),
        refusals: refusalsOf(present),
        backups: backups.byIndex(BY_ASSISTANT, nameId(key)),
        restores: restores.byIndex(BY_ASSISTANT, nameId(key)),
      };
    },
  };
}

/** Names of children that do not depend on their content. */
function childNames(assistant: string): string[] {
  const names = namesOf(assistant);
  return [names.ingress, ...COMPONENTS.map((component) => names.component(component))];
}

const instanceIndex = { [BY_INSTANCE]: (object: KubeObject): readonly string[] => ofInstance(object).map(nameId) };

/** The operator's own status writes need no reconcile. */
function ofItself(object: KubeObject, old: KubeObject | undefined, change: ChangeType): KeyRequest[] {
  if (change === "resync") return [{ ...nameOf(object), priority: PRIORITY.resync }];
  if (change === "updated" && !changedByUser(object, old)) return [];
  const deleting = object.metadata.deletionTimestamp !== undefined;
  return [deleting ? { ...nameOf(object), priority: PRIORITY.deletion } : nameOf(object)];
}

/** Children and pods carry the name of their assistant as a label. */
function ofInstance({ metadata }: KubeObject): KeyRequest[] {
  const name = metadata.labels?.["app.kubernetes.io/instance"];
  return name === undefined ? [] : [{ namespace: metadata.namespace ?? "", name }];
}

function ofBackup({ metadata, spec }: TaskAssistantBackup): KeyRequest[] {
  return [{ namespace: metadata.namespace ?? "", name: spec.assistantRef.name }];
}

function ofRestore({ metadata, spec }: TaskAssistantRestore): KeyRequest[] {
  return [{ namespace: metadata.namespace ?? "", name: spec.target.assistantRef.name }];
}

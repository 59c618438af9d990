/** Pure decisions of the volume provisioner: which volumes to create and which to remove. */

export const STORAGE_CLASS = "local";
/** Its name in the StorageClass and on each volume that it created. */
export const PROVISIONER = "taskassistant.dev/local-volumes";

const MADE_BY = "pv.kubernetes.io/provisioned-by";
/** Set by Kubernetes once the claim's class exists: the provisioner that the class names. */
const ASKED_OF = "volume.kubernetes.io/storage-provisioner";
/** Set by the scheduler once it has placed the first pod that uses the claim. */
const SELECTED_NODE = "volume.kubernetes.io/selected-node";

export type Claim = {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly spec: {
    readonly storageClassName?: string;
    readonly volumeName?: string;
    readonly accessModes: readonly string[];
    readonly volumeMode?: string;
    readonly resources: { readonly requests: { readonly storage: string } };
  };
};

export type Volume = {
  readonly metadata: {
    readonly name: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly spec: { readonly persistentVolumeReclaimPolicy?: string };
  readonly status?: { readonly phase?: string };
};

export const volumeName = (claim: Claim): string => `pvc-${claim.metadata.uid}`;

/** Claims of any class with this provisioner that a placed pod waits for and that have no volume yet. */
export function claimsToServe(claims: readonly Claim[], volumes: readonly Volume[]): Claim[] {
  const existing = new Set(volumes.map((volume) => volume.metadata.name));
  return claims.filter(
    ({ metadata, spec }) =>
      metadata.annotations?.[ASKED_OF] === PROVISIONER &&
      spec.volumeMode !== "Block" &&
      spec.volumeName === undefined &&
      metadata.deletionTimestamp === undefined &&
      metadata.annotations?.[SELECTED_NODE] !== undefined &&
      !existing.has(`pvc-${metadata.uid}`),
  );
}

/** Volumes of this provisioner whose claim was deleted and whose policy is Delete. */
export function volumesToRemove(volumes: readonly Volume[]): Volume[] {
  return volumes.filter(
    ({ metadata, spec, status }) =>
      metadata.annotations?.[MADE_BY] === PROVISIONER &&
      metadata.deletionTimestamp === undefined &&
      spec.persistentVolumeReclaimPolicy === "Delete" &&
      status?.phase === "Released",
  );
}

/** A `local` volume for one claim on the selected node. Unlike hostPath it gets the pod's fsGroup. */
export function volumeFor(claim: Claim, path: string): unknown {
  const { name, namespace, uid, annotations } = claim.metadata;
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: volumeName(claim), annotations: { [MADE_BY]: PROVISIONER } },
    spec: {
      capacity: { storage: claim.spec.resources.requests.storage },
      accessModes: claim.spec.accessModes,
      volumeMode: "Filesystem",
      persistentVolumeReclaimPolicy: "Delete",
      storageClassName: claim.spec.storageClassName,
      claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", name, namespace, uid },
      local: { path },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            {
              matchExpressions: [
                { key: "kubernetes.io/hostname", operator: "In", values: [annotations?.[SELECTED_NODE] ?? ""] },
              ],
            },
          ],
        },
      },
    },
  };
}

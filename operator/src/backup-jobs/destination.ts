import type { Destination } from "../api/backups/v1alpha1/index.ts";
import { egressTo, fromSecret, literal, type SecretKey } from "../assistants/desired/index.ts";
import { VOLUME_MOUNT } from "../backup-policy/index.ts";
import type { Container, EgressRule, EnvVar, Volume } from "../kube/objects.ts";

const CA_DIRECTORY = "/etc/taskassistant/storage-ca";

/** Keys of the Secret with the credentials of an object store. */
const CREDENTIALS = { S3_ACCESS_KEY_ID: "accessKeyId", S3_SECRET_ACCESS_KEY: "secretAccessKey" } as const;
const SESSION_TOKEN = "sessionToken";

/** The variables by which the program reaches the destination. */
export function destinationEnv({ s3 }: Destination): EnvVar[] {
  if (s3 === undefined) return [];
  const { name } = s3.credentialsSecretRef;
  return [
    ...(s3.endpoint === undefined
      ? [literal("S3_ENDPOINT", `https://s3.${s3.region}.amazonaws.com`)]
      : [literal("S3_ENDPOINT", s3.endpoint)]),
    literal("S3_REGION", s3.region),
    literal("S3_FORCE_PATH_STYLE", String(s3.forcePathStyle)),
    ...(s3.caBundleRef === undefined ? [] : [literal("S3_CA_FILE", `${CA_DIRECTORY}/ca.crt`)]),
    ...Object.entries(CREDENTIALS).map(([variable, key]) => fromSecret(variable, { name, key })),
    fromSecret("S3_SESSION_TOKEN", { name, key: SESSION_TOKEN }, "optional"),
  ];
}

/** The volumes that the pod needs for it. */
export function destinationVolumes({ s3, pvc }: Destination): {
  readonly volumes: readonly Volume[];
  readonly volumeMounts: NonNullable<Container["volumeMounts"]>;
} {
  if (pvc !== undefined) {
    const mount = { name: "backups", mountPath: VOLUME_MOUNT };
    return {
      volumes: [{ name: "backups", persistentVolumeClaim: { claimName: pvc.claimName } }],
      volumeMounts: [pvc.subPath === undefined ? mount : { ...mount, subPath: pvc.subPath }],
    };
  }
  const ca = s3?.caBundleRef;
  if (ca === undefined) return { volumes: [], volumeMounts: [] };
  const items = [{ key: ca.key, path: "ca.crt" }];
  return {
    volumes: [{ name: "storage-ca", secret: { secretName: ca.name, items, defaultMode: 0o444 } }],
    volumeMounts: [{ name: "storage-ca", mountPath: CA_DIRECTORY, readOnly: true }],
  };
}

/** Where the pod may go for it, besides DNS and the database. */
export function destinationEgress(
  { s3 }: Destination,
  place: { readonly namespace: string; readonly clusterDomain: string },
): EgressRule[] {
  if (s3 === undefined) return [];
  return egressTo(new URL(s3.endpoint ?? `https://s3.${s3.region}.amazonaws.com`), place);
}

/** The keys of Secrets without which nothing can be stored or read there. */
export function destinationSecrets({ s3 }: Destination): SecretKey[] {
  if (s3 === undefined) return [];
  const credentials = Object.values(CREDENTIALS).map((key) => ({ name: s3.credentialsSecretRef.name, key }));
  return s3.caBundleRef === undefined ? credentials : [...credentials, s3.caBundleRef];
}

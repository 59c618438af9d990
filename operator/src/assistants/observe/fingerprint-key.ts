import { randomBytes } from "node:crypto";
import { CHILD_KINDS } from "../../kinds/index.ts";
import { isAlreadyExists, type KubeClient, type KubeObject } from "../../kube/index.ts";

type SecretWithData = KubeObject & {
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
};

/** Named after the checksums of pods, which are made of the fingerprints. The chart grants access to this name alone. */
export const FINGERPRINT_SECRET = "taskassistant-operator-checksum-key";

/**
 * The key under which fingerprints of Secret values are made, from a Secret in the operator's namespace. It is created
 * once and kept, because another key would change every fingerprint and replace every pod. Throws when the Secret has no key.
 */
export async function fingerprintKey(client: KubeClient, namespace: string, signal: AbortSignal): Promise<Uint8Array> {
  const found = await client.get<SecretWithData>(
    CHILD_KINDS.Secret.resource,
    { namespace, name: FINGERPRINT_SECRET },
    { signal },
  );
  if (found !== undefined) return read(found);
  try {
    const posted = await client.create<SecretWithData>(
      {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: FINGERPRINT_SECRET, namespace, labels: { "app.kubernetes.io/part-of": "taskassistant" } },
        stringData: { key: randomBytes(32).toString("hex") },
      },
      { signal },
    );
    return read(posted);
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    return fingerprintKey(client, namespace, signal);
  }
}

function read(secret: SecretWithData): Uint8Array {
  const value = secret.data?.key;
  if (value === undefined || value === "") {
    throw new Error(
      `Secret ${secret.metadata.namespace}/${FINGERPRINT_SECRET} has no value under the key "key"; delete it to get a new one (all pods of all assistants roll once)`,
    );
  }
  return Buffer.from(value, "base64");
}

import { createHmac } from "node:crypto";
import { identityOf } from "../../kube/identity.ts";
import type { KubeObject } from "../../kube/index.ts";

/** A Secret or ConfigMap as the cache keeps it: which keys there are and a keyed fingerprint of each value, never the value. */
export interface ReducedData extends KubeObject {
  readonly fingerprints: Readonly<Record<string, string>>;
}

interface WithData extends KubeObject {
  readonly data?: Readonly<Record<string, string>> | null;
}

/**
 * Reduces Secrets and ConfigMaps before they reach the cache. The fingerprints are HMACs under a key of this installation, bound
 * to the object's name and the key, so that equal passwords don't look equal and a weak one can't be guessed from outside.
 * `binaryData` of a ConfigMap can't become a variable.
 */
export function dataReducer(hmacKey: Uint8Array): (object: KubeObject) => ReducedData {
  return (object) => {
    const { namespace, name } = object.metadata;
    const fingerprints = Object.entries((object as WithData).data ?? {}).map(([key, value]) => [
      key,
      createHmac("sha256", hmacKey).update(`${namespace}/${name}/${key}\0${value}`).digest("hex").slice(0, 32),
    ]);
    return { ...identityOf(object), fingerprints: Object.fromEntries(fingerprints) };
  };
}

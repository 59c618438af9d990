import { createHmac } from "node:crypto";
import type { KubeObject } from "../../kube/index.ts";

/** A Secret as the cache keeps it: which keys there are and a keyed fingerprint of each value, never the value. */
export interface ReducedSecret extends KubeObject {
  readonly fingerprints: Readonly<Record<string, string>>;
}

interface FullSecret extends KubeObject {
  readonly data?: Readonly<Record<string, string>> | null;
}

/**
 * Reduces Secrets before they reach the cache. The fingerprints are HMACs under a key of this installation, bound to
 * the Secret's name and the key, so that equal passwords don't look equal and a weak one can't be guessed from outside.
 */
export function secretReducer(hmacKey: Uint8Array): (secret: KubeObject) => ReducedSecret {
  return (secret) => {
    const { metadata, apiVersion, kind } = secret;
    const { name, namespace, uid, resourceVersion, labels, ownerReferences, deletionTimestamp } = metadata;
    const data = (secret as FullSecret).data ?? {};
    const fingerprints = Object.entries(data).map(([key, value]) => [
      key,
      createHmac("sha256", hmacKey).update(`${namespace}/${name}/${key}\0${value}`).digest("hex").slice(0, 32),
    ]);
    return {
      apiVersion,
      kind,
      metadata: {
        name,
        ...(namespace === undefined ? {} : { namespace }),
        ...(uid === undefined ? {} : { uid }),
        ...(resourceVersion === undefined ? {} : { resourceVersion }),
        ...(labels === undefined ? {} : { labels }),
        ...(ownerReferences === undefined ? {} : { ownerReferences }),
        ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
      },
      fingerprints: Object.fromEntries(fingerprints),
    };
  };
}

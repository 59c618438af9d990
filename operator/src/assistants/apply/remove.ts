import { isConflict, type KubeClient, type KubeObject, refOf } from "../../kube/index.ts";
import { resourceOf } from "./resource-of.ts";

export interface RemoveDeps {
  readonly client: KubeClient;
  readonly signal: AbortSignal;
}

/** Deletes objects, each only in the version that was seen. */
export async function removeAll({ client, signal }: RemoveDeps, objects: readonly KubeObject[]): Promise<void> {
  for (const object of objects) {
    const { uid, resourceVersion } = object.metadata;
    try {
      await client.delete(resourceOf(object.kind), refOf(object), {
        signal,
        preconditions: {
          ...(uid === undefined ? {} : { uid }),
          ...(resourceVersion === undefined ? {} : { resourceVersion }),
        },
        propagationPolicy: "Background",
      });
    } catch (error) {
      // It has changed since, so the next reconcile decides again.
      if (!isConflict(error)) throw error;
    }
  }
}

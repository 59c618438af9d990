import { isDeepStrictEqual } from "node:util";
import { CHILD_KINDS } from "../kinds/index.ts";
import {
  ApiError,
  isAlreadyExists,
  isConflict,
  isNotFound,
  type KubeClient,
  type KubeObject,
  refOf,
} from "../kube/index.ts";

interface Deps {
  readonly client: KubeClient;
  readonly signal: AbortSignal;
}

/** Creates objects in order; those that exist stay as they are. Returns the words of an API server that refuses one. */
export async function createAll({ client, signal }: Deps, objects: readonly KubeObject[]): Promise<string | undefined> {
  for (const object of objects) {
    try {
      await client.create(object, { signal });
    } catch (error) {
      if (isAlreadyExists(error)) continue;
      if (!(error instanceof ApiError) || error.status >= 500 || error.status === 429) throw error;
      return `${object.kind} ${object.metadata.name}: ${error.message}`;
    }
  }
  return undefined;
}

/** Deletes objects, each only if it is still the one that was seen. */
export async function removeEach({ client, signal }: Deps, objects: readonly KubeObject[]): Promise<void> {
  for (const object of objects) {
    if (object.metadata.deletionTimestamp !== undefined) continue;
    const { uid } = object.metadata;
    const { resource } = CHILD_KINDS[object.kind as "Job" | "NetworkPolicy"];
    try {
      await client.delete(resource, refOf(object), {
        signal,
        propagationPolicy: "Foreground",
        ...(uid === undefined ? {} : { preconditions: { uid } }),
      });
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }
}

/** Writes a status unless it is the same; does nothing when the resource is gone. Returns whether it was written. */
export async function writeOneShotStatus(
  { client, signal }: Deps,
  resource: KubeObject & { readonly status?: object },
  status: object,
): Promise<boolean> {
  if (isDeepStrictEqual(resource.status, status)) return false;
  const { apiVersion, kind, metadata } = resource;
  const { uid } = metadata;
  const sent = { apiVersion, kind, metadata: { ...refOf(resource), ...(uid === undefined ? {} : { uid }) }, status };
  try {
    await client.applyStatus(sent as KubeObject, { signal, force: "always" });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  return true;
}

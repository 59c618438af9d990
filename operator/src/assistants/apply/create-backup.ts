import { isAlreadyExists, type KubeClient, type KubeObject } from "../../kube/index.ts";

/** Creates a backup. One that exists was created before a restart, or the cache has not seen it yet. */
export async function createBackup(
  { client, signal }: { readonly client: KubeClient; readonly signal: AbortSignal },
  backup: KubeObject,
): Promise<void> {
  try {
    await client.create(backup, { signal });
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
}

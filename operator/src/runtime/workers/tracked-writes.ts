import type { KubeClient, KubeObject, ObjectRef, Resource } from "../../kube/index.ts";

export interface WriteHooks {
  /** Throws when writing in this namespace ("" for cluster-scoped objects) is not allowed any more. */
  readonly beforeWrite: (namespace: string) => void;
  readonly wrote: (object: KubeObject) => void;
  readonly deleted: (resource: Resource, ref: ObjectRef) => void;
  /** The server refused to write an object, or no answer came. */
  readonly failed: (object: KubeObject, error: unknown) => void;
}

/** The same client with hooks around every write; reads pass through. */
export function trackWrites(client: KubeClient, hooks: WriteHooks): KubeClient {
  async function write<R>(
    namespace: string | undefined,
    call: () => Promise<R>,
    objectOf: (result: R) => KubeObject,
  ): Promise<R> {
    hooks.beforeWrite(namespace ?? "");
    const result = await call();
    hooks.wrote(objectOf(result));
    return result;
  }

  /** A write of a whole object: when it fails, we know of which kind it was. */
  async function send<R>(sent: KubeObject, call: () => Promise<R>, objectOf: (result: R) => KubeObject): Promise<R> {
    try {
      return await write(sent.metadata.namespace, call, objectOf);
    } catch (error) {
      hooks.failed(sent, error);
      throw error;
    }
  }

  return {
    ...client,
    create: (object, options) =>
      send(
        object,
        () => client.create(object, options),
        (created) => created,
      ),
    replace: (object, options) =>
      send(
        object,
        () => client.replace(object, options),
        (replaced) => replaced,
      ),
    apply: (object, options) =>
      send(
        object,
        () => client.apply(object, options),
        (result) => result.object,
      ),
    applyStatus: (object, options) =>
      send(
        object,
        () => client.applyStatus(object, options),
        (result) => result.object,
      ),
    mergePatch: <T extends KubeObject>(...args: Parameters<KubeClient["mergePatch"]>) =>
      write(
        args[1].namespace,
        () => client.mergePatch<T>(...args),
        (patched) => patched,
      ),
    async delete(resource, ref, options) {
      hooks.beforeWrite(ref.namespace ?? "");
      const existed = await client.delete(resource, ref, options);
      hooks.deleted(resource, ref);
      return existed;
    },
  };
}

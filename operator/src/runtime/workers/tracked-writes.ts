import type { KubeClient, KubeObject, ObjectRef, Resource } from "../../kube/index.ts";

export interface WriteHooks {
  /** Throws when writing is not allowed any more. */
  readonly beforeWrite: () => void;
  readonly wrote: (object: KubeObject) => void;
  readonly deleted: (resource: Resource, ref: ObjectRef) => void;
}

/** The same client, with every write announced to the hooks; reads pass through. */
export function observeWrites(client: KubeClient, hooks: WriteHooks): KubeClient {
  async function write<R>(call: () => Promise<R>, objectOf: (result: R) => KubeObject): Promise<R> {
    hooks.beforeWrite();
    const result = await call();
    hooks.wrote(objectOf(result));
    return result;
  }
  return {
    ...client,
    create: (object, options) =>
      write(
        () => client.create(object, options),
        (created) => created,
      ),
    replace: (object, options) =>
      write(
        () => client.replace(object, options),
        (replaced) => replaced,
      ),
    apply: (object, options) =>
      write(
        () => client.apply(object, options),
        (result) => result.object,
      ),
    applyStatus: (object, options) =>
      write(
        () => client.applyStatus(object, options),
        (result) => result.object,
      ),
    mergePatch: <T extends KubeObject>(...args: Parameters<KubeClient["mergePatch"]>) =>
      write(
        () => client.mergePatch<T>(...args),
        (patched) => patched,
      ),
    async delete(resource, ref, options) {
      hooks.beforeWrite();
      const existed = await client.delete(resource, ref, options);
      hooks.deleted(resource, ref);
      return existed;
    },
  };
}

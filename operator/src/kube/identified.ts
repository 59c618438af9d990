import type { KubeObject, ObjectMeta } from "./types.ts";

/** A namespaced object as the API server serves it. */
export type Identified<T extends KubeObject> = T & {
  readonly metadata: ObjectMeta & { readonly namespace: string; readonly uid: string };
};

/** Narrows the type of an object from the API server. Throws if it has no uid or no namespace. */
export function identified<T extends KubeObject>(object: T): Identified<T> {
  const { name, namespace, uid } = object.metadata;
  if (namespace === undefined || uid === undefined)
    throw new Error(`${object.kind} ${name} has no namespace or no uid`);
  return object as Identified<T>;
}

import { randomUUID } from "node:crypto";
import type { KubeObject } from "../src/kube/index.ts";

export type Json = { [field: string]: unknown };
export interface StoredObject extends KubeObject {
  readonly metadata: KubeObject["metadata"] & { readonly uid: string; readonly resourceVersion: string };
}
export interface StoreEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly collection: string;
  readonly object: StoredObject;
  readonly revision: number;
}

/** Objects of all collections under one revision counter, with the history a watch can start from. */
export function createStubStore(onEvent: (event: StoreEvent) => void) {
  const objects = new Map<string, StoredObject>();
  const history: StoreEvent[] = [];
  let revision = 100;
  let compacted = 0;

  const idOf = (collection: string, namespace: string, name: string) => `${collection} ${namespace}/${name}`;

  function commit(type: StoreEvent["type"], collection: string, object: KubeObject): StoredObject {
    revision += 1;
    const metadata = { uid: randomUUID(), ...object.metadata, resourceVersion: String(revision) };
    const stored: StoredObject = structuredClone({ ...object, metadata });
    const id = idOf(collection, stored.metadata.namespace ?? "", stored.metadata.name);
    if (type === "DELETED") objects.delete(id);
    else objects.set(id, stored);
    const event = { type, collection, object: stored, revision };
    history.push(event);
    onEvent(event);
    return stored;
  }

  return {
    get: (collection: string, namespace: string, name: string) => objects.get(idOf(collection, namespace, name)),
    list: (collection: string, namespace?: string) =>
      [...objects.entries()]
        .filter(([id]) => id.startsWith(`${collection} ${namespace === undefined ? "" : `${namespace}/`}`))
        .map(([, object]) => object),
    put(collection: string, object: KubeObject): StoredObject {
      const { namespace = "", name } = object.metadata;
      const old = objects.get(idOf(collection, namespace, name));
      if (old === undefined) return commit("ADDED", collection, object);
      return commit("MODIFIED", collection, { ...object, metadata: { ...object.metadata, uid: old.metadata.uid } });
    },
    remove(collection: string, namespace: string, name: string): StoredObject | undefined {
      const old = objects.get(idOf(collection, namespace, name));
      return old === undefined ? undefined : commit("DELETED", collection, old);
    },
    since: (from: number) => history.filter((event) => event.revision > from),
    /** Versions up to now can no longer be watched or continued from. */
    compact() {
      compacted = revision;
    },
    isCompacted: (from: number) => from < compacted,
    get revision() {
      return revision;
    },
  };
}

/** RFC 7396, which is also near enough to server-side apply for one manager. */
export function merge(target: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const merged: Json = typeof target === "object" && target !== null && !Array.isArray(target) ? { ...target } : {};
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) delete merged[field];
    else merged[field] = merge(merged[field], value);
  }
  return merged;
}

import type { KubeObject, ObjectMeta } from "../../kube/index.ts";
import type { Key, ReadCache } from "../types.ts";

/** A cache with its writing side; objects in it are frozen. */
export interface Store<T extends KubeObject> extends ReadCache<T> {
  set(object: T): void;
  /** The object that was there. */
  remove(key: Key): T | undefined;
}

const OWNER = "owner";
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

type Index = Map<string, Map<string, unknown>>;

/** The identity of an object; cluster-scoped ones have the namespace "". */
export function keyOf(object: { readonly metadata: ObjectMeta }): Key {
  return { namespace: object.metadata.namespace ?? "", name: object.metadata.name };
}

/** `namespace/name`. */
export function keyId(key: Key): string {
  return `${key.namespace}/${key.name}`;
}

/** The key of a `namespace/name`; neither part can contain a slash. */
export function keyFromId(id: string): Key {
  const slash = id.indexOf("/");
  return { namespace: id.slice(0, slash), name: id.slice(slash + 1) };
}

/** Builds an empty store. */
export function createStore<T extends KubeObject>(
  indexers: Readonly<Record<string, (object: T) => readonly string[]>> = {},
): Store<T> {
  const objects = new Map<string, T>();
  const namespaces: Index = new Map();
  const indexes = Object.entries({ ...indexers, [OWNER]: ownersOf }).map(([name, valuesOf]) => ({
    name,
    valuesOf,
    entries: new Map() as Index,
  }));

  function unlink(id: string, object: T): void {
    dropFrom(namespaces, keyOf(object).namespace, id);
    for (const { entries, valuesOf } of indexes) for (const value of valuesOf(object)) dropFrom(entries, value, id);
  }

  function pick(index: Index, value: string): T[] {
    return [...(index.get(value)?.values() ?? [])] as T[];
  }

  function byIndex(name: string, value: string): T[] {
    const index = indexes.find((candidate) => candidate.name === name);
    if (index === undefined) throw new Error(`the cache has no index ${name}`);
    return pick(index.entries, value);
  }

  return {
    get: (key) => objects.get(keyId(key)),
    list: (namespace) => (namespace === undefined ? [...objects.values()] : pick(namespaces, namespace)),
    byIndex,
    byOwner: (uid) => byIndex(OWNER, uid),
    get size() {
      return objects.size;
    },
    set(object) {
      const id = keyId(keyOf(object));
      // Index functions are the consumer's: compute before anything is changed, so that a throw leaves the store whole.
      const links = indexes.map(({ entries, valuesOf }) => ({ entries, values: valuesOf(object) }));
      const old = objects.get(id);
      if (old !== undefined) unlink(id, old);
      const frozen = deepFreeze(object);
      objects.set(id, frozen);
      putInto(namespaces, keyOf(object).namespace, id, frozen);
      for (const { entries, values } of links) for (const value of values) putInto(entries, value, id, frozen);
    },
    remove(key) {
      const id = keyId(key);
      const old = objects.get(id);
      if (old === undefined) return undefined;
      unlink(id, old);
      objects.delete(id);
      return old;
    },
  };
}

/**
 * The object without what only fills memory: `managedFields` (three quarters of a Deployment) and kubectl's
 * last-applied annotation. Everything an apply compares stays: labels, other annotations, owners, spec, status.
 */
export function withoutBulk<T extends KubeObject>(object: T): T {
  const { managedFields: _managed, ...metadata } = object.metadata;
  const annotations = metadata.annotations;
  if (annotations?.[LAST_APPLIED] === undefined) return { ...object, metadata };
  const { [LAST_APPLIED]: _applied, ...kept } = annotations;
  return { ...object, metadata: { ...metadata, annotations: kept } };
}

function ownersOf(object: KubeObject): string[] {
  return (object.metadata.ownerReferences ?? []).map((owner) => owner.uid);
}

function putInto(index: Index, value: string, id: string, object: unknown): void {
  const bucket = index.get(value) ?? new Map<string, unknown>();
  bucket.set(id, object);
  index.set(value, bucket);
}

function dropFrom(index: Index, value: string, id: string): void {
  const bucket = index.get(value);
  bucket?.delete(id);
  if (bucket?.size === 0) index.delete(value);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}

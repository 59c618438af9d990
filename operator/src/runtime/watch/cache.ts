import type { KubeObject } from "../../kube/index.ts";
import { nameId, nameOf } from "../keys.ts";
import type { ObjectName, ReadCache } from "../types.ts";

type IndexFunctions<T> = Readonly<Record<string, (object: T) => readonly string[]>>;

/** A cache with its writing side; objects in it are frozen. */
export interface Store<T extends KubeObject> extends ReadCache<T> {
  /** Adds indexes while the store is empty. Throws when another function has one of the names. */
  addIndexes(functions: IndexFunctions<T>): void;
  set(object: T): void;
  /** Returns the object that was there. */
  remove(name: ObjectName): T | undefined;
}

const OWNER = "owner";
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

type Index = Map<string, Map<string, unknown>>;

/** Builds an empty store. */
export function createStore<T extends KubeObject>(functions: IndexFunctions<T> = {}): Store<T> {
  const objects = new Map<string, T>();
  const namespaces: Index = new Map();
  const indexes: { name: string; valuesOf: (object: T) => readonly string[]; entries: Index }[] = [];
  addIndexes({ ...functions, [OWNER]: ownersOf });

  function addIndexes(added: IndexFunctions<T>): void {
    for (const [name, valuesOf] of Object.entries(added)) {
      const known = indexes.find((index) => index.name === name);
      if (known === undefined) indexes.push({ name, valuesOf, entries: new Map() });
      else if (known.valuesOf !== valuesOf) throw new Error(`the cache has another index ${name}`);
    }
  }

  function unlink(id: string, object: T): void {
    dropFrom(namespaces, nameOf(object).namespace, id);
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
    addIndexes,
    get: (name) => objects.get(nameId(name)),
    list: (namespace) => (namespace === undefined ? [...objects.values()] : pick(namespaces, namespace)),
    byIndex,
    byOwner: (uid) => byIndex(OWNER, uid),
    get size() {
      return objects.size;
    },
    set(object) {
      const id = nameId(nameOf(object));
      // The consumer's index functions run before anything is changed, so that a throw leaves the store whole.
      const links = indexes.map(({ entries, valuesOf }) => ({ entries, values: valuesOf(object) }));
      const old = objects.get(id);
      if (old !== undefined) unlink(id, old);
      const frozen = deepFreeze(object);
      objects.set(id, frozen);
      putInto(namespaces, nameOf(object).namespace, id, frozen);
      for (const { entries, values } of links) for (const value of values) putInto(entries, value, id, frozen);
    },
    remove(name) {
      const id = nameId(name);
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

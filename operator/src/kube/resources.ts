import type { ObjectRef } from "./types.ts";

/** Where a kind lives in the API. It is fixed in code, because discovery costs requests that can fail. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

function of(group: string, version: string, kind: string, plural: string, namespaced = true): Resource {
  return { group, version, kind, plural, namespaced };
}

/** Built-in kinds that do not belong to an assistant and that the operator or its tests read or write. */
export const builtin = {
  ConfigMap: of("", "v1", "ConfigMap", "configmaps"),
  Namespace: of("", "v1", "Namespace", "namespaces", false),
  Pod: of("", "v1", "Pod", "pods"),
  Lease: of("coordination.k8s.io", "v1", "Lease", "leases"),
  Event: of("events.k8s.io", "v1", "Event", "events"),
  CustomResourceDefinition: of(
    "apiextensions.k8s.io",
    "v1",
    "CustomResourceDefinition",
    "customresourcedefinitions",
    false,
  ),
} as const satisfies Record<string, Resource>;

/** `apps/v1`, or `v1` for the core group. */
export function apiVersionOf(resource: Resource): string {
  return resource.group === "" ? resource.version : `${resource.group}/${resource.version}`;
}

/** Finds the resource of an object by its apiVersion and kind. */
export type ResourceLookup = (object: { readonly apiVersion: string; readonly kind: string }) => Resource;

/** A lookup in a fixed table. Throws for a kind that is not in it, which is a programming error. */
export function createResourceLookup(table: readonly Resource[]): ResourceLookup {
  const byId = new Map(table.map((resource) => [`${apiVersionOf(resource)} ${resource.kind}`, resource]));
  return ({ apiVersion, kind }) => {
    const resource = byId.get(`${apiVersion} ${kind}`);
    if (resource === undefined) throw new Error(`no resource known for ${apiVersion} ${kind}`);
    return resource;
  };
}

/** Path of a group and version, where the API server lists the resources it serves. */
export function groupPath({ group, version }: Resource): string {
  return group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
}

/** Path of a collection in one namespace, or in all of them if none is given. */
export function collectionPath(resource: Resource, namespace?: string): string {
  const scope = resource.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  return `${groupPath(resource)}${scope}/${resource.plural}`;
}

/**
 * Path of a watch on one cluster-scoped object. Deprecated, but the only one on a namespace that a Role in it can allow: with a
 * field selector the request belongs to no namespace.
 */
export function objectWatchPath(resource: Resource, name: string): string {
  return `${groupPath(resource)}/watch/${resource.plural}/${encodeURIComponent(name)}`;
}

/** Path of one object or its subresource. Throws when a namespaced object has no namespace. */
export function objectPath(resource: Resource, ref: ObjectRef, subresource?: "status"): string {
  if (resource.namespaced && ref.namespace === undefined) {
    throw new Error(`${resource.kind} ${ref.name} needs a namespace`);
  }
  const path = `${collectionPath(resource, ref.namespace)}/${encodeURIComponent(ref.name)}`;
  return subresource === undefined ? path : `${path}/${subresource}`;
}

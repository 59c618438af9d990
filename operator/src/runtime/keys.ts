import type { KubeObject, ObjectMeta, Resource } from "../kube/index.ts";
import type { Key, ObjectName } from "./types.ts";

/** The name of an object; cluster-scoped ones have the namespace "". */
export function nameOf(object: { readonly metadata: ObjectMeta }): ObjectName {
  return { namespace: object.metadata.namespace ?? "", name: object.metadata.name };
}

/** `namespace/name`, unique among the objects of one kind. */
export function nameId(name: ObjectName): string {
  return `${name.namespace}/${name.name}`;
}

/** The key of an object. */
export function keyOf(object: KubeObject): Key {
  return { kind: kindOf(object), ...nameOf(object) };
}

/** `Deployment.apps`, or `ConfigMap` for the core group: two groups may have a kind of the same name. */
export function kindOf(type: { readonly apiVersion: string; readonly kind: string } | Resource): string {
  const group = "group" in type ? type.group : groupOf(type.apiVersion);
  return group === "" ? type.kind : `${type.kind}.${group}`;
}

/** `kind namespace/name`. */
export function keyId(key: Key): string {
  return `${key.kind} ${nameId(key)}`;
}

/** The key of a `kind namespace/name`; no part can contain a space or a slash. */
export function keyFromId(id: string): Key {
  const [kind = "", namespace = "", name = ""] = id.split(/[ /]/);
  return { kind, namespace, name };
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
}

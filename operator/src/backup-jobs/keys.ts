import type { KubeObject } from "../kube/index.ts";
import { type ChangeType, changedByUser, type KeyRequest, nameOf, PRIORITY } from "../runtime/index.ts";
import { WORKS_FOR } from "./job.ts";

/** Milliseconds until an object that the API server refused is tried again. */
export const REFUSED_MS = 10_000;

/** The key of a one-shot resource itself. The operator's own writes need no reconcile. */
export function ofItself(object: KubeObject, old: KubeObject | undefined, change: ChangeType): KeyRequest[] {
  if (change === "updated" && !changedByUser(object, old)) return [];
  if (object.metadata.deletionTimestamp !== undefined) return [{ ...nameOf(object), priority: PRIORITY.deletion }];
  return [change === "resync" ? { ...nameOf(object), priority: PRIORITY.resync } : nameOf(object)];
}

/** For a kind: the resource that a Job or a pod works for, as a key and as a question. */
export function workOf(kind: keyof typeof WORKS_FOR) {
  const ownerOf = ({ metadata }: KubeObject) => metadata.labels?.[WORKS_FOR[kind]];
  return {
    ofJob(object: KubeObject): KeyRequest[] {
      const name = ownerOf(object);
      return name === undefined ? [] : [{ namespace: object.metadata.namespace ?? "", name }];
    },
    worksFor: (object: KubeObject, resource: KubeObject): boolean => ownerOf(object) === resource.metadata.name,
  };
}

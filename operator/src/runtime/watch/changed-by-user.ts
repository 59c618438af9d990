import type { KubeObject } from "../../kube/index.ts";

/**
 * Whether an update is one a person (or another controller) made: the spec's generation, labels, annotations,
 * finalizers or the deletion differ. Our own status writes are none, so a primary's `mapToKeys` can skip them.
 */
export function changedByUser(object: KubeObject, old: KubeObject | undefined): boolean {
  if (old === undefined) return true;
  const now = object.metadata;
  const was = old.metadata;
  return (
    now.generation !== was.generation ||
    now.deletionTimestamp !== was.deletionTimestamp ||
    !sameMap(now.labels, was.labels) ||
    !sameMap(now.annotations, was.annotations) ||
    (now.finalizers ?? []).join() !== (was.finalizers ?? []).join()
  );
}

function sameMap(a: Readonly<Record<string, string>> = {}, b: Readonly<Record<string, string>> = {}): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

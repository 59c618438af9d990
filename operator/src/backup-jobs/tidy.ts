import type { KubeObject } from "../kube/index.ts";

/**
 * Milliseconds until a resource that has ended is looked at once more, which removes what only its Jobs needed. The status that
 * says so is the operator's own write and wakes nobody.
 */
export const TIDY_MS = 1_000;

/** What a resource that has ended needs no more: the way of its Jobs to the database. The Jobs stay for their logs. */
export function leftoversOf(objects: readonly KubeObject[]): readonly KubeObject[] {
  return objects.filter(({ kind }) => kind === "NetworkPolicy");
}

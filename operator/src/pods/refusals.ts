import { identityOf } from "../kube/identity.ts";
import type { KubeObject } from "../kube/index.ts";

/**
 * The API server refused a pod that a controller wanted to create. Only Events say so for Jobs and StatefulSets; a Deployment has
 * a condition.
 */
export interface PodRefusal extends KubeObject {
  readonly regarding: { readonly kind: string; readonly name: string; readonly uid: string };
  /** The server's words. */
  readonly note: string;
  /** When it happened last; "" if the Event does not say. */
  readonly at: string;
}

/** Index of refusals: the uid of the object whose pods are refused. */
export const BY_REGARDING = "regarding";

/** An Event of `events.k8s.io/v1`. Controllers still write the deprecated fields. */
type FullEvent = KubeObject & {
  readonly regarding?: { readonly kind?: string; readonly name?: string; readonly uid?: string };
  readonly note?: string;
  readonly series?: { readonly lastObservedTime?: string };
  readonly eventTime?: string | null;
  readonly deprecatedLastTimestamp?: string | null;
};

/** Drops everything else before an Event reaches the cache. */
export function reduceRefusal(event: KubeObject): PodRefusal {
  const { regarding = {}, note = "", series, eventTime, deprecatedLastTimestamp } = event as FullEvent;
  return {
    ...identityOf(event),
    regarding: { kind: regarding.kind ?? "", name: regarding.name ?? "", uid: regarding.uid ?? "" },
    note: refusalWords(note),
    at: series?.lastObservedTime ?? deprecatedLastTimestamp ?? eventTime ?? "",
  };
}

/** The server's words without the name of the pod, which is another one with each attempt. */
export function refusalWords(note: string): string {
  return note
    .replace(/^Error creating: /, "")
    .replace(/^create Pod \S+ in StatefulSet \S+ failed error: /i, "")
    .replace(/^pods "[^"]*" is forbidden: /, "");
}

/** The last of several refusals. */
export function newestRefusal(refusals: readonly PodRefusal[]): PodRefusal | undefined {
  return refusals.toSorted((a, b) => b.at.localeCompare(a.at))[0];
}

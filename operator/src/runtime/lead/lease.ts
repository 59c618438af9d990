import type { KubeObject } from "../../kube/index.ts";

/** `coordination.k8s.io/v1` LeaseSpec; times are MicroTime. */
export interface LeaseRecord {
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  readonly acquireTime?: string;
  readonly renewTime?: string;
  readonly leaseTransitions?: number;
}

export interface Lease extends KubeObject {
  readonly spec?: LeaseRecord;
}

/** RFC 3339 with exactly six digits: the API server refuses a MicroTime with three. */
export function microTime(wallMs: number): string {
  return new Date(wallMs).toISOString().replace(/Z$/, "000Z");
}

/** A Lease to create or, with the version it replaces, to put. */
export function leaseObject(
  ref: { readonly namespace: string; readonly name: string },
  spec: LeaseRecord,
  resourceVersion: string | undefined,
): Lease {
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { ...ref, ...(resourceVersion === undefined ? {} : { resourceVersion }) },
    spec,
  };
}

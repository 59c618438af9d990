import type { KubeObject } from "../kube/index.ts";

interface Terminated {
  readonly exitCode?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly finishedAt?: string;
}

interface ContainerStatus {
  readonly name: string;
  readonly image?: string;
  readonly ready?: boolean;
  readonly restartCount?: number;
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly terminated?: Terminated;
  };
  readonly lastState?: { readonly terminated?: Terminated };
}

/** The part of a pod that conditions depend on. */
export interface PodSummary extends KubeObject {
  readonly status: {
    readonly phase?: string;
    readonly podIP?: string;
    readonly conditions: readonly { type: string; status: string; reason?: string; message?: string }[];
    readonly containerStatuses: readonly ContainerStatus[];
  };
}

type FullPod = KubeObject & { readonly status?: Partial<PodSummary["status"]> };

/** Drops everything else before a pod reaches the cache. */
export function reducePod(pod: KubeObject): PodSummary {
  const { metadata, apiVersion, kind } = pod;
  const { status } = pod as FullPod;
  return {
    apiVersion,
    kind,
    metadata,
    status: {
      ...(status?.phase === undefined ? {} : { phase: status.phase }),
      ...(status?.podIP === undefined ? {} : { podIP: status.podIP }),
      conditions: (status?.conditions ?? []).filter(({ type }) => type === "PodScheduled" || type === "Ready"),
      containerStatuses: status?.containerStatuses ?? [],
    },
  };
}

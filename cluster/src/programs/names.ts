/** Versions of what the cluster is made of; the Go module in `kube-build/` and the downloads agree with them (tested). */
export const VERSIONS = {
  kubernetes: "v1.36.3",
  etcd: "v3.6.13",
  coredns: "v1.14.7",
  kwok: "v0.8.0",
  helm: "v4.2.4",
} as const;

export const PROGRAMS = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubelet",
  "kube-proxy",
  "kubectl",
  "coredns",
  "kwok",
  "helm",
] as const;

export type Program = (typeof PROGRAMS)[number];

/** What a control plane alone needs. */
export const CONTROL_PLANE_PROGRAMS: readonly Program[] = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubectl",
];

/** What a cluster with a node needs. */
export const NODE_PROGRAMS: readonly Program[] = [...CONTROL_PLANE_PROGRAMS, "kubelet", "kube-proxy", "coredns"];

import type {
  V1Container,
  V1Deployment,
  V1Ingress,
  V1Job,
  V1NetworkPolicy,
  V1NetworkPolicyIngressRule,
  V1NetworkPolicyPeer,
  V1NetworkPolicySpec,
  V1PersistentVolumeClaim,
  V1PodTemplateSpec,
  V1Service,
  V1ServiceAccount,
  V1StatefulSet,
} from "@kubernetes/client-node";
import type { ObjectMeta } from "./index.ts";

/** A Kubernetes type as we send it: always with kind, and with plain JSON metadata. */
type Manifest<T, K extends string, V extends string> = Omit<T, "apiVersion" | "kind" | "metadata" | "status"> & {
  readonly apiVersion: V;
  readonly kind: K;
  readonly metadata: ObjectMeta;
};

export type Deployment = Manifest<V1Deployment, "Deployment", "apps/v1">;
export type StatefulSet = Manifest<V1StatefulSet, "StatefulSet", "apps/v1">;
export type Job = Manifest<V1Job, "Job", "batch/v1">;
export type Service = Manifest<V1Service, "Service", "v1">;
export type ServiceAccount = Manifest<V1ServiceAccount, "ServiceAccount", "v1">;
export type PersistentVolumeClaim = Manifest<V1PersistentVolumeClaim, "PersistentVolumeClaim", "v1">;
/** The client library renames `from` to `_from` in its types; on the wire it is `from`. */
export type IngressRule = Omit<V1NetworkPolicyIngressRule, "_from"> & { readonly from?: V1NetworkPolicyPeer[] };
type NetworkPolicySpec = Omit<V1NetworkPolicySpec, "ingress"> & { readonly ingress: IngressRule[] };
export type NetworkPolicy = Manifest<
  Omit<V1NetworkPolicy, "spec"> & { readonly spec: NetworkPolicySpec },
  "NetworkPolicy",
  "networking.k8s.io/v1"
>;
export type Ingress = Manifest<V1Ingress, "Ingress", "networking.k8s.io/v1">;

/** Any child that is applied. */
export type Child =
  | Deployment
  | StatefulSet
  | Job
  | Service
  | ServiceAccount
  | PersistentVolumeClaim
  | NetworkPolicy
  | Ingress;

/** A child with pods. */
export type Workload = Deployment | StatefulSet | Job;

export function isWorkload(child: Child): child is Workload {
  return child.kind === "Deployment" || child.kind === "StatefulSet" || child.kind === "Job";
}

export type Container = V1Container;
export type PodTemplate = V1PodTemplateSpec;
export type EnvVar = NonNullable<V1Container["env"]>[number];

export type {
  V1NetworkPolicyEgressRule as EgressRule,
  V1NetworkPolicyPeer as NetworkPolicyPeer,
  V1NetworkPolicyPort as NetworkPolicyPort,
  V1Probe as Probe,
  V1ResourceRequirements as ResourceRequirements,
  V1SecurityContext as SecurityContext,
  V1Volume as Volume,
} from "@kubernetes/client-node";

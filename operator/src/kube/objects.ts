import type {
  V1Container,
  V1NetworkPolicy,
  V1NetworkPolicyIngressRule,
  V1NetworkPolicyPeer,
  V1NetworkPolicySpec,
  V1PodTemplateSpec,
} from "@kubernetes/client-node";
import type { ObjectMeta } from "./types.ts";

/** A Kubernetes type as the operator sends it, always with its kind and with plain JSON metadata. */
export type Manifest<T, K extends string, V extends string> = Omit<T, "apiVersion" | "kind" | "metadata" | "status"> & {
  readonly apiVersion: V;
  readonly kind: K;
  readonly metadata: ObjectMeta;
};

/** A rule of a network policy. The client library renames `from` to `_from` in its types; on the wire it is `from`. */
export type IngressRule = Omit<V1NetworkPolicyIngressRule, "_from"> & { readonly from?: V1NetworkPolicyPeer[] };

/** A network policy with the field names of the wire. */
export type WireNetworkPolicy = Omit<V1NetworkPolicy, "spec"> & {
  readonly spec: Omit<V1NetworkPolicySpec, "ingress"> & { readonly ingress: IngressRule[] };
};

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

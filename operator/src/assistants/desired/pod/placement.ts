import type { SchedulingSpec } from "../../../api/taskassistants/v1alpha1/index.ts";
import type { PodTemplate } from "../../../kube/objects.ts";
import type { Component } from "../components.ts";
import { selectorLabels } from "../labels.ts";

type PodSpec = NonNullable<PodTemplate["spec"]>;

/**
 * The fields of a pod that decide where it runs. Constraints about spreading concern the pods of the component; whoever gives
 * some replaces the default.
 */
export function placement(
  assistant: string,
  component: Component,
  scheduling: SchedulingSpec | undefined,
  defaultSpread: NonNullable<SchedulingSpec["topologySpreadConstraints"]>,
): Partial<PodSpec> {
  const { topologySpreadConstraints = defaultSpread, ...others } = scheduling ?? {};
  const labelSelector = { matchLabels: selectorLabels(assistant, component) };
  const spread = topologySpreadConstraints.map((constraint) => ({ ...constraint, labelSelector }));
  return {
    // The definition has the shape of a pod, so the API server has checked it. What it serves is read-only here.
    ...(structuredClone(others) as Partial<PodSpec>),
    ...(spread.length === 0 ? {} : { topologySpreadConstraints: spread }),
  };
}

/** Prefers different nodes for the pods of one component, without requiring them. */
export const SPREAD_OVER_NODES = [
  { maxSkew: 1, topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway" },
] as const;

import { TIERS } from "../../../api/taskassistants/v1alpha1/index.ts";
import type { Service, ServiceAccount } from "../../../kinds/index.ts";
import type { Component } from "../components.ts";
import type { DesiredInput } from "../input.ts";
import { ownedMeta, selectorLabels } from "../labels.ts";
import { namesOf } from "../names.ts";

/** A cluster-internal Service in front of a component's pods; port names are those of the container. */
export function service(input: DesiredInput, component: Component, ports: Readonly<Record<string, number>>): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: ownedMeta(input, namesOf(input.name).component(component), component),
    spec: {
      type: "ClusterIP",
      selector: selectorLabels(input.name, component),
      ports: Object.entries(ports).map(([name, port]) => ({ name, port, targetPort: name, protocol: "TCP" })),
    },
  };
}

/** The identity of a component's pods. It has no token, because nothing in these pods calls the Kubernetes API. */
export function serviceAccount(input: DesiredInput, component: Component): ServiceAccount {
  const meta = ownedMeta(input, namesOf(input.name).component(component), component);
  const tier = TIERS.find((each) => each === component);
  const annotations = tier === undefined ? undefined : input.spec[tier]?.serviceAccount?.annotations;
  return {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: annotations === undefined ? meta : { ...meta, annotations },
    automountServiceAccountToken: false,
  };
}

import type { NetworkPolicyPeer, NetworkPolicyPort } from "../../../kube/objects.ts";
import type { Component } from "../components.ts";
import { selectorLabels } from "../labels.ts";

/** The pods of one component of an assistant, in its namespace. */
export function podPeer(assistant: string, component: Component): NetworkPolicyPeer {
  return { podSelector: { matchLabels: selectorLabels(assistant, component) } };
}

/** These TCP ports. */
export function tcp(...ports: number[]): NetworkPolicyPort[] {
  return ports.map((port) => ({ protocol: "TCP", port }));
}

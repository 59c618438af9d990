import { BlockList, isIPv6 } from "node:net";

/** One end of a connection: a pod, or an address outside. */
export type Party =
  | {
      readonly labels: Readonly<Record<string, string>>;
      readonly namespace: string;
      readonly namespaceLabels: Readonly<Record<string, string>>;
      readonly ip?: undefined;
    }
  | { readonly ip: string };

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly unknown[];
}

interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

interface Port {
  readonly protocol?: string;
  readonly port?: number | string;
  readonly endPort?: number;
}

interface Policy {
  readonly metadata: { readonly namespace?: string };
  readonly spec: {
    readonly podSelector?: Selector;
    readonly policyTypes?: readonly string[];
    readonly ingress?: readonly { readonly from?: readonly Peer[]; readonly ports?: readonly Port[] }[];
    readonly egress?: readonly { readonly to?: readonly Peer[]; readonly ports?: readonly Port[] }[];
  };
}

/**
 * Whether policies let a connection through. It follows the NetworkPolicy documentation and shares no code with the
 * builder. A pod that policies of a direction select may do only what one of them allows, and any other pod may do
 * everything. Both ends must allow a connection. Addresses outside the cluster allow everything.
 */
export function allowed(
  objects: readonly object[],
  from: Party,
  to: Party,
  port: number,
  protocol: "TCP" | "UDP",
): boolean {
  const policies = objects as readonly Policy[];
  const leaves = permits(policies, from, "Egress", to, port, protocol);
  const enters = permits(policies, to, "Ingress", from, port, protocol);
  return leaves && enters;
}

function permits(
  policies: readonly Policy[],
  pod: Party,
  direction: "Ingress" | "Egress",
  other: Party,
  port: number,
  protocol: string,
): boolean {
  if (pod.ip !== undefined) return true;
  const selecting = policies.filter(
    ({ metadata, spec }) =>
      metadata.namespace === pod.namespace &&
      matches(spec.podSelector, pod.labels) &&
      typesOf(spec).includes(direction),
  );
  if (selecting.length === 0) return true;
  return selecting.some(({ metadata, spec }) => {
    const rules =
      direction === "Ingress"
        ? (spec.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports }))
        : (spec.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }));
    return rules.some(
      ({ peers, ports }) =>
        (peers === undefined || peers.length === 0 || peers.some((peer) => isPeer(peer, other, metadata.namespace))) &&
        (ports === undefined || ports.length === 0 || ports.some((each) => isPort(each, port, protocol))),
    );
  });
}

/** Without policyTypes: Ingress always, Egress where the policy has egress rules. */
function typesOf(spec: Policy["spec"]): readonly string[] {
  return spec.policyTypes ?? (spec.egress === undefined ? ["Ingress"] : ["Ingress", "Egress"]);
}

function isPeer(peer: Peer, party: Party, policyNamespace: string | undefined): boolean {
  if (peer.ipBlock !== undefined) {
    if (party.ip === undefined) return false;
    return (
      inside(peer.ipBlock.cidr, party.ip) && !(peer.ipBlock.except ?? []).some((cidr) => inside(cidr, party.ip ?? ""))
    );
  }
  if (party.ip !== undefined) return false;
  const inNamespace =
    peer.namespaceSelector === undefined
      ? party.namespace === policyNamespace
      : matches(peer.namespaceSelector, party.namespaceLabels);
  return inNamespace && (peer.podSelector === undefined || matches(peer.podSelector, party.labels));
}

/** An empty selector selects everything. */
function matches(selector: Selector | undefined, labels: Readonly<Record<string, string>>): boolean {
  if (selector?.matchExpressions !== undefined) throw new Error("matchExpressions are not evaluated");
  return Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
}

function isPort(rule: Port, port: number, protocol: string): boolean {
  if ((rule.protocol ?? "TCP") !== protocol) return false;
  if (rule.port === undefined) return true;
  if (typeof rule.port === "string") throw new Error("named ports are not evaluated");
  return rule.endPort === undefined ? rule.port === port : port >= rule.port && port <= rule.endPort;
}

function inside(cidr: string, ip: string): boolean {
  const [network = "", bits = ""] = cidr.split("/");
  const family = (address: string) => (isIPv6(address) ? "ipv6" : "ipv4");
  if (family(network) !== family(ip)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(bits), family(network));
  return list.check(ip, family(ip));
}

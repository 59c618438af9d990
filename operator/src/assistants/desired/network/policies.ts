import type { NetworkPolicy } from "../../../kinds/index.ts";
import type { EgressRule, IngressRule, NetworkPolicyPeer } from "../../../kube/objects.ts";
import { COMPONENTS, type Component, DATABASE_USERS, isPresent } from "../components.ts";
import { databaseMode } from "../database/mode.ts";
import type { DesiredInput } from "../input.ts";
import { ownedMeta, selectorLabels } from "../labels.ts";
import { namesOf, PORTS } from "../names.ts";
import { modelPeers } from "./model-egress.ts";
import { podPeer, tcp } from "./peers.ts";

/** Label of the operator's own pods (the chart sets it). */
const OPERATOR_POD_LABELS = { "app.kubernetes.io/name": "taskassistant-operator" };

/** The connections that one component may receive and open. */
interface Traffic {
  readonly ingress: readonly IngressRule[];
  readonly egress: readonly EgressRule[];
}

/**
 * One policy per component. Being selected by a policy denies everything else in both directions, so each policy is
 * the default-deny of its component and lists its connections. Policies are additive, so users can allow more with one of their own.
 */
export function networkPolicies(input: DesiredInput): NetworkPolicy[] {
  const present = COMPONENTS.filter((component) => isPresent(component, input.spec));
  return present.map((component) => ({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: ownedMeta(input, namesOf(input.name).component(component), component),
    spec: {
      podSelector: { matchLabels: selectorLabels(input.name, component) },
      policyTypes: ["Ingress", "Egress"],
      ...rules(input, component),
    },
  }));
}

function rules(input: DesiredInput, component: Component) {
  const { ingress, egress } = traffic(input, component);
  const usesDatabase = DATABASE_USERS.some((user) => user === component);
  return {
    ingress: [...ingress],
    egress: usesDatabase ? [...egress, ...databaseMode(input.spec).egress(input)] : [...egress],
  };
}

/** What a component receives and sends, apart from its connections to PostgreSQL. */
function traffic(input: DesiredInput, component: Component): Traffic {
  const pods = (...components: Component[]) => components.map((other) => podPeer(input.name, other));
  const operator = operatorPeer(input);
  const isDemo = input.spec.model.provider === "Demo";
  switch (component) {
    case "frontend":
      return {
        // The public port is open to all, because browsers come through proxies and port-forwards of any kind.
        ingress: [{ ports: tcp(PORTS.frontend) }, { from: pods("api"), ports: tcp(PORTS.exchange) }],
        egress: [DNS, { to: pods("api"), ports: tcp(PORTS.api) }],
      };
    case "api":
      return {
        ingress: [
          { from: pods("frontend"), ports: tcp(PORTS.api) },
          // The operator asks each pod how the model did.
          ...(isDemo ? [] : [{ from: [operator], ports: tcp(PORTS.health) }]),
        ],
        egress: [
          DNS,
          { to: pods("frontend"), ports: tcp(PORTS.frontend, PORTS.exchange) },
          { to: pods("mcp"), ports: tcp(PORTS.mcp) },
          ...(isDemo ? [{ to: pods("model"), ports: tcp(PORTS.model) }] : modelPeers(input)),
        ],
      };
    case "mcp":
      return {
        ingress: [{ from: [...pods("api"), operator], ports: tcp(PORTS.mcp) }],
        egress: [DNS, { to: pods("frontend"), ports: tcp(PORTS.frontend) }],
      };
    case "model":
      return { ingress: [{ from: pods("api"), ports: tcp(PORTS.model) }], egress: [] };
    case "db":
      return { ingress: [{ from: pods(...DATABASE_USERS), ports: tcp(PORTS.db) }], egress: [] };
    // What stores or reads a backup may also reach where it is, by a policy of its own Job.
    case "backup":
      return { ingress: [{ from: [operator], ports: tcp(PORTS.backup) }], egress: [DNS] };
    case "migrate":
    case "maintenance":
    case "people":
      return { ingress: [], egress: [DNS] };
  }
}

/** Name lookups at any resolver, because some clusters run theirs on the node and not in a pod. */
const DNS: EgressRule = {
  ports: [
    { protocol: "UDP", port: 53 },
    { protocol: "TCP", port: 53 },
  ],
};

function operatorPeer(input: DesiredInput): NetworkPolicyPeer {
  return {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": input.operatorNamespace } },
    podSelector: { matchLabels: OPERATOR_POD_LABELS },
  };
}

import { createTlsSecret, forwardPort } from "../../../words/advice.ts";
import { namesOf, PORTS, publicUrl } from "../../desired/index.ts";
import { childId, type Snapshot } from "../../observe/snapshot.ts";
import { type Finding, finding } from "./finding.ts";

/** How people reach the web application. */
export function exposedFinding(snapshot: Snapshot): Finding {
  return snapshot.assistant.spec.exposure.type === "ClusterIP" ? insideCluster(snapshot) : throughIngress(snapshot);
}

function insideCluster({ assistant: { metadata, spec } }: Snapshot): Finding {
  const url = publicUrl(spec);
  const { hostname, port } = new URL(url);
  const service = namesOf(metadata.name).component("frontend");
  const isLocal = hostname === "localhost" || hostname === "127.0.0.1";
  const next = isLocal
    ? forwardPort(metadata.namespace, service, `${port || 80}:${PORTS.frontend}`, url)
    : `Next: route ${url} to Service ${service}, port ${PORTS.frontend}`;
  return finding("Exposed", "ClusterIP", `Reachable inside the cluster only. ${next}`);
}

function throughIngress({ assistant: { metadata, spec }, children, secrets }: Snapshot): Finding {
  const { name, namespace } = metadata;
  const { tls, trustedProxies = [] } = spec.exposure;
  if (!children.has(childId("Ingress", namesOf(name).ingress))) {
    return finding("Exposed", "Waiting", `Ingress ${name} has not been created yet.`);
  }
  if (tls !== undefined && !secrets.has(tls.secretName)) {
    const missing = `TLS Secret ${tls.secretName} doesn't exist yet.`;
    return finding("Exposed", "TLSSecretNotFound", `${missing} ${createTlsSecret(namespace, tls.secretName)}`);
  }
  const routed = `Ingress ${name} routes ${publicUrl(spec)} to the web application.`;
  const shared =
    "Everyone behind it shares one limit of sign-in attempts until spec.exposure.trustedProxies names the addresses of the ingress controller.";
  return finding("Exposed", "IngressApplied", trustedProxies.length > 0 ? routed : `${routed} ${shared}`);
}

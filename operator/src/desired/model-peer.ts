import type { EgressRule } from "../api/objects.ts";

const DEFAULT_URL = "https://api.openai.com/v1";

/**
 * Where the API may go for the model. A name outside the cluster can't be put into a NetworkPolicy, so it is any
 * address on the URL's port, except link-local ones, where clouds hand out credentials. A Service of the cluster is
 * its namespace on any port, because policies see the pod's port and the URL has the Service's.
 */
export function modelPeer(baseURL: string | undefined, ownNamespace: string): EgressRule {
  const url = new URL(baseURL ?? DEFAULT_URL);
  const host = url.hostname;
  const ports = [{ protocol: "TCP", port: Number(url.port || (url.protocol === "http:" ? 80 : 443)) }];
  if (host.startsWith("[")) return { to: [{ ipBlock: { cidr: `${host.slice(1, -1)}/128` } }], ports };
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return { to: [{ ipBlock: { cidr: `${host}/32` } }], ports };
  const namespace = clusterNamespace(host, ownNamespace);
  if (namespace !== undefined) {
    return { to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } }] };
  }
  return {
    to: [
      { ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } },
      { ipBlock: { cidr: "::/0", except: ["fe80::/10"] } },
    ],
    ports,
  };
}

function clusterNamespace(host: string, ownNamespace: string): string | undefined {
  if (!host.includes(".")) return ownNamespace;
  return /^[^.]+\.([^.]+)\.svc(\.cluster\.local)?$/.exec(host)?.[1];
}

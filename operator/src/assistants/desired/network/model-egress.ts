import type { TaskAssistantSpec } from "../../../api/taskassistants/v1alpha1/index.ts";
import type { EgressRule } from "../../../kube/objects.ts";
import { goesDirect } from "./no-proxy.ts";

const DEFAULT_URL = "https://api.openai.com/v1";

/** Link-local addresses, and those that clouds use for metadata elsewhere: Alibaba (IPv4), AWS (IPv6). */
const METADATA_V4 = ["169.254.0.0/16", "100.100.100.200/32"];
const METADATA_V6 = ["fe80::/10", "fd00:ec2::254/128"];

/**
 * Where the API may go for the model. A name outside the cluster can't be put into a NetworkPolicy, so it is any
 * address on the URL's port, except those where clouds hand out credentials. For a Service of the
 * cluster it is any port of its namespace, because policies match the pod's port and the URL has the Service's.
 */
export function modelPeer(model: TaskAssistantSpec["model"], ownNamespace: string): EgressRule {
  const url = addressOf(model);
  const host = url.hostname;
  const ports = [{ protocol: "TCP", port: Number(url.port || (url.protocol === "http:" ? 80 : 443)) }];
  if (host.startsWith("[")) return { to: [{ ipBlock: { cidr: `${host.slice(1, -1)}/128` } }], ports };
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return { to: [{ ipBlock: { cidr: `${host}/32` } }], ports };
  const namespace = clusterNamespace(host, ownNamespace);
  if (namespace !== undefined) {
    return { to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } }] };
  }
  return {
    to: [{ ipBlock: { cidr: "0.0.0.0/0", except: METADATA_V4 } }, { ipBlock: { cidr: "::/0", except: METADATA_V6 } }],
    ports,
  };
}

/** The address that the API connects to: the model's own, or that of the proxy in front of it. */
function addressOf({ baseURL, proxy }: TaskAssistantSpec["model"]): URL {
  const own = new URL(baseURL ?? DEFAULT_URL);
  return proxy === undefined || goesDirect(own, proxy.noProxy ?? "") ? own : new URL(proxy.url);
}

function clusterNamespace(host: string, ownNamespace: string): string | undefined {
  if (!host.includes(".")) return ownNamespace;
  // service.namespace.svc, or pod.service.namespace.svc of a headless Service.
  return /^(?:[^.]+\.){1,2}([^.]+)\.svc(?:\.cluster\.local)?$/.exec(host)?.[1];
}

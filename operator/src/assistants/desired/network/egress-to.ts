import type { EgressRule } from "../../../kube/objects.ts";
import type { DesiredInput } from "../input.ts";
import { isOffLimits, METADATA_V4, METADATA_V6 } from "./metadata-addresses.ts";

/** The namespace and domain in which short names are meant. */
type Place = Pick<DesiredInput, "namespace" | "clusterDomain">;

/**
 * Lets a pod reach the server of a URL. A name outside the cluster can't be put into a NetworkPolicy, so it is any address on
 * the URL's port, except those where clouds hand out credentials. If the URL names such an address, nothing is opened. For a
 * Service of the cluster it is any port of its namespace, because policies match the pod's port and the URL has the Service's.
 */
export function egressTo(url: URL, place: Place): EgressRule[] {
  // The URL parser has turned every spelling of an address into one.
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (isOffLimits(host)) return [];
  const ports = [{ protocol: "TCP", port: Number(url.port || (url.protocol === "http:" ? 80 : 443)) }];
  if (host.includes(":")) return [{ to: [{ ipBlock: { cidr: `${host}/128` } }], ports }];
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return [{ to: [{ ipBlock: { cidr: `${host}/32` } }], ports }];
  const namespace = clusterNamespace(host, place);
  if (namespace !== undefined) {
    return [{ to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } }] }];
  }
  const everywhere = [
    { ipBlock: { cidr: "0.0.0.0/0", except: [...METADATA_V4] } },
    { ipBlock: { cidr: "::/0", except: [...METADATA_V6] } },
  ];
  return [{ to: everywhere, ports }];
}

function clusterNamespace(host: string, { namespace, clusterDomain }: Place): string | undefined {
  if (!host.includes(".")) return namespace;
  const short = host.endsWith(`.${clusterDomain}`) ? host.slice(0, -clusterDomain.length - 1) : host;
  // service.namespace.svc, or pod.service.namespace.svc of a headless Service.
  return /^(?:[^.]+\.){1,2}([^.]+)\.svc$/.exec(short)?.[1];
}

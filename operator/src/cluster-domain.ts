const DEFAULT = "cluster.local";

/**
 * The DNS domain of the cluster, from the text of the pod's /etc/resolv.conf: Kubernetes puts `svc.DOMAIN` into its search list.
 * The usual domain where there is none, such as outside a pod.
 */
export function clusterDomainOf(resolvConf: string): string {
  const searched = resolvConf.split("\n").flatMap((line) => /^\s*search\s+(.*)$/.exec(line)?.[1]?.split(/\s+/) ?? []);
  const found = searched.find((domain) => /^svc\.[a-z0-9.-]+$/i.test(domain));
  return found === undefined ? DEFAULT : found.slice("svc.".length).replace(/\.$/, "").toLowerCase();
}

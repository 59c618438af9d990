import { join } from "node:path";
import { POD_RANGE } from "../control-plane/processes.ts";
import type { Layout } from "../layout.ts";
import type { Plan } from "../supervisor/spec.ts";
import type { LinkAddresses } from "./addresses.ts";
import { COVERED_DIRS } from "./machine.ts";

/** The bridge of the pods inside the namespace. The cluster's DNS listens on its address. */
export const BRIDGE = "cni0";
export const BRIDGE_ADDRESS = "10.244.0.1";
/** The only node's share of the pod range. */
export const POD_SUBNET = "10.244.0.0/24";

/**
 * The commands that set up the node's namespaces. Only the link to the machine is outside of them. Folders of the cluster
 * are mounted over fixed folders that programs write to, so that the machine's own stay unchanged.
 */
export function namespacePlan(layout: Layout, link: string, addresses: LinkAddresses): NonNullable<Plan["namespaces"]> {
  const shell = (script: string, ...args: string[]) => ["sh", "-c", script, ...args];
  return {
    host: [
      ["ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", "PID"],
      ["ip", "address", "add", `${addresses.hostAddress}/30`, "dev", link],
      ["ip", "link", "set", link, "up"],
    ],
    inside: [
      // Mounts of pods must reach the containers that share them, but must not leave the namespace.
      ["mount", "--make-rshared", "/"],
      ["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run"],
      ["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/var/log"],
      ...Object.entries(COVERED_DIRS).map(([dir, own]) => ["mount", "--bind", join(layout.dir, own), dir]),
      // The machine's resolvers can't be reached from here. The cluster's own rejects unknown names at once.
      shell('[ ! -f /etc/resolv.conf ] || mount --bind "$0" /etc/resolv.conf', join(layout.config, "resolv.conf")),
      ["ip", "link", "set", "lo", "up"],
      ["ip", "address", "add", `${addresses.address}/30`, "dev", "eth0"],
      ["ip", "link", "set", "eth0", "up"],
      ["ip", "route", "add", "default", "via", addresses.hostAddress],
      ["ip", "link", "add", BRIDGE, "type", "bridge"],
      ["ip", "address", "add", `${BRIDGE_ADDRESS}/24`, "dev", BRIDGE],
      ["ip", "link", "set", BRIDGE, "up"],
      shell("echo 1 >/proc/sys/net/ipv4/ip_forward"),
      // Without the module Services don't reach pods on the same bridge.
      shell(
        "[ -e /proc/sys/net/bridge ] || modprobe br_netfilter; echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables",
      ),
      // The machine has no route to a pod's address.
      ["iptables", "-t", "nat", "-A", "POSTROUTING", "-s", POD_RANGE, "-o", "eth0", "-j", "MASQUERADE"],
    ],
  };
}

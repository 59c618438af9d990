import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { POD_RANGE } from "../control-plane/processes.ts";
import { SANDBOX_IMAGE } from "../images/archive.ts";
import { containerdSocket } from "../images/import.ts";
import { writeKubeconfig } from "../kubeconfig.ts";
import type { Layout } from "../layout.ts";
import { writeJson } from "../machine/files.ts";
import { writeYaml } from "../yaml.ts";
import { BRIDGE, BRIDGE_ADDRESS, POD_SUBNET } from "./namespaces.ts";
import type { Snapshotter } from "./snapshotter.ts";

export type NodeConfig = {
  readonly layout: Layout;
  readonly server: string;
  readonly address: string;
  readonly cgroup: string;
  readonly cniPlugins: string;
  readonly snapshotter: Snapshotter;
};

export function kubeletConfig({ layout, cgroup }: NodeConfig): unknown {
  const pki = (name: string) => join(layout.pki, name);
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: pki("client-ca.crt") },
    },
    authorization: { mode: "Webhook" },
    tlsCertFile: pki("kubelet-server.crt"),
    tlsPrivateKeyFile: pki("kubelet-server.key"),
    healthzBindAddress: "0.0.0.0",
    containerRuntimeEndpoint: `unix://${containerdSocket(layout)}`,
    clusterDomain: "cluster.local",
    clusterDNS: [BRIDGE_ADDRESS],
    // The machine's own file may name a resolver that listens only on loopback.
    resolvConf: join(layout.config, "resolv.conf"),
    cgroupDriver: "cgroupfs",
    // A kubelet removes unknown pod cgroups, so two kubelets on one machine need separate roots.
    cgroupRoot: `/${cgroup}`,
    failCgroupV1: false,
    failSwapOn: false,
    podLogsDir: join(layout.dir, "pod-logs"),
    volumePluginDir: join(layout.dir, "volume-plugins"),
    // The machine's disk has other users, so evict late. Imported images must never be removed.
    evictionHard: { "memory.available": "100Mi", "nodefs.available": "1%", "imagefs.available": "1%" },
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
  };
}

export function kubeProxyConfig({ layout }: NodeConfig): unknown {
  return {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    mode: "iptables",
    clusterCIDR: POD_RANGE,
    hostnameOverride: layout.name,
    clientConnection: { kubeconfig: join(layout.config, "kube-proxy.kubeconfig") },
    healthzBindAddress: "0.0.0.0:10256",
    // Limits of connection tracking belong to the machine.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
  };
}

/** TOML for containerd 1.6 and 1.7. */
export function containerdConfig({ layout, cniPlugins, snapshotter }: NodeConfig): string {
  const text = JSON.stringify; // TOML's basic strings are JSON's
  const dir = (name: string) => text(join(layout.dir, name));
  return `version = 2
root = ${dir("containerd")}
state = ${dir("containerd-state")}
disabled_plugins = [
  "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.zfs", "io.containerd.tracing.processor.v1.otlp", "io.containerd.internal.v1.tracing",
]

[grpc]
  address = ${text(containerdSocket(layout))}

[plugins."io.containerd.internal.v1.opt"]
  path = ${dir("containerd-opt")}

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = ${text(SANDBOX_IMAGE)}
  # Without it runc fails in a container of limited rights: "can't get final child's PID from pipe: EOF".
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = ${text(cniPlugins)}
    conf_dir = ${text(join(layout.config, "cni"))}
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = ${text(snapshotter)}
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
`;
}

export function cniConfig(layout: Layout): unknown {
  return {
    cniVersion: "0.4.0",
    name: "taskassistant",
    plugins: [
      {
        type: "bridge",
        bridge: BRIDGE,
        isDefaultGateway: true,
        hairpinMode: true,
        ipam: { type: "host-local", ranges: [[{ subnet: POD_SUBNET }]], dataDir: join(layout.dir, "cni-addresses") },
      },
      { type: "portmap", capabilities: { portMappings: true } },
    ],
  };
}

/** Resolves only the cluster's own names. The cluster reaches nothing outside, so other names fail at once. */
export function corefile({ layout, address }: NodeConfig): string {
  return `.:53 {
    bind ${BRIDGE_ADDRESS}
    errors
    health ${address}:8080
    kubernetes cluster.local in-addr.arpa ip6.arpa {
        kubeconfig ${join(layout.config, "coredns.kubeconfig")}
        pods insecure
        ttl 5
    }
    cache 5
}
`;
}

/** Writes all configuration files of the node's processes. */
export function writeNodeConfig(config: NodeConfig): void {
  const { layout, server } = config;
  const file = (name: string) => join(layout.config, name);
  for (const user of ["kubelet", "kube-proxy", "coredns"] as const) {
    writeKubeconfig(file(`${user}.kubeconfig`), { cluster: layout.name, server, pki: layout.pki, user });
  }
  writeYaml(file("kubelet.yaml"), kubeletConfig(config));
  writeYaml(file("kube-proxy.yaml"), kubeProxyConfig(config));
  writeJson(file("cni/10-taskassistant.conflist"), cniConfig(layout));
  writeFileSync(file("containerd.toml"), containerdConfig(config));
  writeFileSync(file("Corefile"), corefile(config));
  writeFileSync(file("resolv.conf"), `nameserver ${BRIDGE_ADDRESS}\n`);
}

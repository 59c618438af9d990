import { join } from "node:path";
import { containerdSocket } from "../images/import.ts";
import type { Layout } from "../layout.ts";
import type { ProcessSpec } from "../supervisor/spec.ts";

export type NodeProcessOptions = {
  readonly layout: Layout;
  readonly programs: string;
  readonly address: string;
  readonly containerd: string;
};

/** Created once the API server has the roles and classes of the node. The node's other processes wait for it. */
export const bootstrappedFile = (layout: Layout): string => join(layout.dir, "bootstrapped");

export const NODE_PROCESSES = ["containerd", "kubelet", "kube-proxy", "coredns", "local-volumes"] as const;

/** The processes that add a node to a control plane. */
export function nodeProcesses({ layout, programs, address, containerd }: NodeProcessOptions): ProcessSpec[] {
  const program = (name: string) => join(programs, name);
  const config = (name: string) => join(layout.config, name);
  const answers = (port: number, path: string) => ({ kind: "http", url: `http://${address}:${port}${path}` }) as const;
  const after = [bootstrappedFile(layout)];
  return [
    {
      name: "containerd",
      command: containerd,
      args: ["--config", config("containerd.toml")],
      inside: true,
      ready: { kind: "socket", path: containerdSocket(layout) },
    },
    {
      name: "kubelet",
      command: program("kubelet"),
      args: [
        `--config=${config("kubelet.yaml")}`,
        `--kubeconfig=${config("kubelet.kubeconfig")}`,
        `--hostname-override=${layout.name}`,
        `--node-ip=${address}`,
        `--root-dir=${join(layout.dir, "kubelet")}`,
        `--cert-dir=${join(layout.dir, "kubelet-pki")}`,
      ],
      inside: true,
      after: [...after, "containerd"],
      ready: answers(10248, "/healthz"),
    },
    {
      name: "kube-proxy",
      command: program("kube-proxy"),
      args: [`--config=${config("kube-proxy.yaml")}`],
      inside: true,
      after,
      ready: answers(10256, "/healthz"),
    },
    {
      name: "coredns",
      command: program("coredns"),
      args: ["-conf", config("Corefile")],
      inside: true,
      after,
      ready: answers(8080, "/health"),
    },
    {
      name: "local-volumes",
      command: process.execPath,
      args: [join(import.meta.dirname, "..", "local-volumes", "main.ts"), layout.dir],
      after,
      ready: { kind: "file", path: join(layout.dir, "volumes") },
    },
  ];
}

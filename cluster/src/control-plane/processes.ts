import { join } from "node:path";
import type { Layout } from "../layout.ts";
import type { ProcessSpec } from "../supervisor/spec.ts";

/** The addresses that the API server assigns to Services. They are used only inside the cluster. */
export const SERVICE_RANGE = "10.96.0.0/16";
export const POD_RANGE = "10.244.0.0/16";

export type ControlPlaneOptions = {
  readonly layout: Layout;
  /** Folder of the programs. */
  readonly programs: string;
  /** Where the API server and the health endpoints are reached from outside. */
  readonly address: string;
  readonly ports: {
    readonly api: number;
    readonly etcd: number;
    readonly etcdPeer: number;
    readonly etcdHealth: number;
    readonly controllerManager: number;
    readonly scheduler: number;
  };
  /** True if the processes run in the node's network namespace and connect to a kubelet. */
  readonly node: boolean;
  /** If false, etcd does not wait for the disk. That is faster, but a power cut may lose the data. */
  readonly durable: boolean;
};

export const CONTROL_PLANE = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"] as const;

/** The four processes of a control plane, in the order they depend on each other. */
export function controlPlaneProcesses(options: ControlPlaneOptions): ProcessSpec[] {
  const { layout, ports, address, node } = options;
  const program = (name: string) => join(options.programs, name);
  const pki = (name: string) => join(layout.pki, name);
  const config = (name: string) => join(layout.config, name);
  const place = node ? { inside: true } : {};
  // In the node's own namespace any address is private. On the machine only loopback is.
  const bind = node ? "0.0.0.0" : "127.0.0.1";
  const etcdUrl = `http://127.0.0.1:${ports.etcd}`;
  const etcdPeerUrl = `http://127.0.0.1:${ports.etcdPeer}`;
  const etcdHealthUrl = `http://${address}:${ports.etcdHealth}`;

  const etcd: ProcessSpec = {
    name: "etcd",
    command: program("etcd"),
    ...place,
    args: [
      "--name=default",
      `--data-dir=${join(layout.dir, "etcd")}`,
      `--listen-client-urls=${etcdUrl}`,
      `--advertise-client-urls=${etcdUrl}`,
      `--listen-peer-urls=${etcdPeerUrl}`,
      `--initial-advertise-peer-urls=${etcdPeerUrl}`,
      `--initial-cluster=default=${etcdPeerUrl}`,
      `--listen-metrics-urls=${etcdHealthUrl}`,
      "--log-level=warn",
      ...(options.durable ? [] : ["--unsafe-no-fsync"]),
    ],
    ready: { kind: "http", url: `${etcdHealthUrl}/health` },
  };

  const apiserver: ProcessSpec = {
    name: "kube-apiserver",
    command: program("kube-apiserver"),
    ...place,
    after: ["etcd"],
    args: [
      `--etcd-servers=${etcdUrl}`,
      `--bind-address=${bind}`,
      `--secure-port=${ports.api}`,
      `--advertise-address=${address}`,
      `--cert-dir=${config("apiserver")}`,
      `--service-cluster-ip-range=${SERVICE_RANGE}`,
      // Loopback is no valid address of the "kubernetes" Service's endpoints; without a node no client needs them.
      `--endpoint-reconciler-type=${node ? "lease" : "none"}`,
      "--authorization-mode=Node,RBAC",
      "--enable-admission-plugins=NodeRestriction",
      "--allow-privileged=true",
      "--profiling=false",
      `--client-ca-file=${pki("client-ca.crt")}`,
      `--tls-cert-file=${pki("apiserver.crt")}`,
      `--tls-private-key-file=${pki("apiserver.key")}`,
      "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
      `--service-account-key-file=${pki("service-account.pub")}`,
      `--service-account-signing-key-file=${pki("service-account.key")}`,
      `--requestheader-client-ca-file=${pki("front-proxy-ca.crt")}`,
      "--requestheader-allowed-names=system:auth-proxy",
      "--requestheader-extra-headers-prefix=X-Remote-Extra-",
      "--requestheader-group-headers=X-Remote-Group",
      "--requestheader-username-headers=X-Remote-User",
      `--proxy-client-cert-file=${pki("front-proxy-client.crt")}`,
      `--proxy-client-key-file=${pki("front-proxy-client.key")}`,
      `--audit-policy-file=${config("audit-policy.yaml")}`,
      `--audit-log-path=${layout.auditLog}`,
      "--audit-log-maxsize=200",
      "--audit-log-maxbackup=1",
      ...(node
        ? [
            `--kubelet-certificate-authority=${pki("server-ca.crt")}`,
            `--kubelet-client-certificate=${pki("apiserver-kubelet-client.crt")}`,
            `--kubelet-client-key=${pki("apiserver-kubelet-client.key")}`,
            "--kubelet-preferred-address-types=InternalIP",
          ]
        : []),
    ],
    ready: {
      kind: "http",
      url: `https://${address}:${ports.api}/readyz`,
      caFile: pki("server-ca.crt"),
      certFile: pki("admin.crt"),
      keyFile: pki("admin.key"),
    },
  };

  const component = (name: string, user: string, port: number, args: string[]): ProcessSpec => ({
    name,
    command: program(name),
    ...place,
    after: ["kube-apiserver"],
    args: [
      ...args,
      `--authentication-kubeconfig=${config(`${user}.kubeconfig`)}`,
      `--authorization-kubeconfig=${config(`${user}.kubeconfig`)}`,
      `--bind-address=${bind}`,
      `--secure-port=${port}`,
    ],
    // The component creates its serving certificate in memory at each start. The probe sends no secret.
    ready: { kind: "http", url: `https://${address}:${port}/healthz`, insecure: true },
  });

  return [
    etcd,
    apiserver,
    component("kube-controller-manager", "controller-manager", ports.controllerManager, [
      `--kubeconfig=${config("controller-manager.kubeconfig")}`,
      "--use-service-account-credentials",
      "--leader-elect=false",
      // The default of 20 requests a second delays a few resources that change at the same time.
      "--kube-api-qps=200",
      "--kube-api-burst=400",
      `--service-account-private-key-file=${pki("service-account.key")}`,
      `--root-ca-file=${pki("server-ca.crt")}`,
      `--cluster-signing-cert-file=${pki("client-ca.crt")}`,
      `--cluster-signing-key-file=${pki("client-ca.key")}`,
      `--service-cluster-ip-range=${SERVICE_RANGE}`,
      ...(node ? ["--allocate-node-cidrs", `--cluster-cidr=${POD_RANGE}`] : []),
    ]),
    component("kube-scheduler", "scheduler", ports.scheduler, [`--config=${config("scheduler.yaml")}`]),
  ];
}

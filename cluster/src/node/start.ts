import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Api, connectApi } from "../api.ts";
import { writeControlPlaneConfig } from "../control-plane/config.ts";
import { CONTROL_PLANE, controlPlaneProcesses } from "../control-plane/processes.ts";
import { waitForDefaultNamespace } from "../control-plane/settled.ts";
import { type Cluster, handleFor } from "../handle.ts";
import { writeSandboxImage } from "../images/archive.ts";
import { importInto } from "../images/import.ts";
import type { ImageSet } from "../images/store.ts";
import { type Layout, layoutOf } from "../layout.ts";
import { withLock } from "../machine/lock.ts";
import { cniFolder, ensureSystemPackages, which } from "../machine/packages.ts";
import { identityOf, isAlive } from "../machine/processes.ts";
import { run } from "../machine/run.ts";
import { writeClusterPki } from "../pki/cluster-pki.ts";
import { locatePrograms, NODE_PROGRAMS } from "../programs/index.ts";
import { type ClusterState, readState, writeState } from "../state.ts";
import { stopProcesses } from "../stop.ts";
import { addProcesses, readStatus, startSupervisor, waitReady } from "../supervisor/control.ts";
import { chooseLink, network, routedNetworks } from "./addresses.ts";
import { bootstrapCluster } from "./bootstrap.ts";
import { makeCgroups } from "./cgroups.ts";
import { writeNodeConfig } from "./config.ts";
import { COVERED_DIRS, openMachine } from "./machine.ts";
import { cgroupOf, linkOf } from "./names.ts";
import { namespacePlan } from "./namespaces.ts";
import { bootstrappedFile, NODE_PROCESSES, nodeProcesses } from "./processes.ts";
import { chooseSnapshotter } from "./snapshotter.ts";

export type NodeStart = {
  readonly name: string;
  /** Folder that holds clusters; default `clusters` in the project's cache. */
  readonly dir?: string;
  /** Outlive this process (default: taken down when this process is gone, however it ends). */
  readonly detached?: boolean;
  /**
   * Archives, or images of a store, imported before it counts as up and beside the start of the control plane. A promise
   * may still be building them: the node doesn't wait for it.
   */
  readonly images?: readonly string[] | ImageSet | Promise<ImageSet>;
  /** Where progress goes, a line at a time; default standard error. */
  readonly log?: (line: string) => void;
  /** For everything after the programs are found; default 120 s. */
  readonly timeoutMs?: number;
};

const PORTS = { api: 6443, etcd: 2379, etcdPeer: 2380, etcdHealth: 2381, controllerManager: 10257, scheduler: 10259 };

/**
 * Level L4: a control plane and one real node in namespaces of their own: pods, Services, DNS, volumes, exec, logs,
 * port-forward. Needs root and installs missing Debian packages. Returns a running cluster of that name unchanged. Starts
 * one that no longer runs, for example after a crash, again with its data.
 * @throws with the failing process's last log lines if it is not ready in time
 */
export async function startNode(options: NodeStart): Promise<Cluster> {
  const log = options.log ?? ((line: string) => process.stderr.write(`${line}\n`));
  const layout = layoutOf(options.name, options.dir);
  checkFolder(layout);
  await ensureSystemPackages(log);
  const served = await locatePrograms(NODE_PROGRAMS, log);
  let importing: Promise<unknown> | undefined;
  const importOnce = () => {
    importing ??= Promise.resolve(options.images ?? []).then((images) => importInto(layout, images));
    importing.catch(() => undefined); // awaited below, unless the start fails first
  };
  const cluster = await withLock(`${layout.dir}.lock`, 60_000, async () => {
    if (!(await isUp(layout))) await bringUp(layout, served, options, importOnce);
    return handleFor(layout);
  });
  // Outside of the lock, since a build may take minutes and `down` must not wait for it.
  importOnce();
  await importing;
  return cluster;
}

/** The longest socket name in a cluster's folder. sockaddr_un holds 108 bytes including the final NUL. */
const LONGEST_SOCKET = "containerd.sock.ttrpc";

function checkFolder({ dir }: Layout): void {
  if (dir.startsWith("/run/") || dir.startsWith("/var/log/")) {
    throw new Error(
      `the cluster's folder ${dir} must not be under /run or /var/log, because the node mounts its own folders over these; choose another --dir`,
    );
  }
  if (Buffer.byteLength(join(dir, LONGEST_SOCKET)) > 107) {
    throw new Error(
      `the cluster's folder ${dir} is too long, because its sockets' paths may have at most 107 bytes; choose a shorter --dir or name`,
    );
  }
}

const ALL_PROCESSES = [...CONTROL_PLANE, ...NODE_PROCESSES];
/** How long a supervised cluster may take to be ready, since the supervisor may be restarting a process. */
const SETTLE_MS = 10_000;

async function isUp(layout: Layout): Promise<boolean> {
  const status = readStatus(layout);
  if (readState(layout)?.level !== "node" || status === undefined || !isAlive(status.supervisor)) return false;
  return waitReady(layout, ALL_PROCESSES, SETTLE_MS).then(
    () => true,
    () => false,
  );
}

/** @param onContainerd called once images can be imported */
async function bringUp(
  layout: Layout,
  served: { dir: string; from: string },
  options: NodeStart,
  onContainerd: () => void,
): Promise<void> {
  const timeoutMs = options.timeoutMs ?? 120_000;
  await stopProcesses(layout);
  if (readState(layout)?.level === "control-plane") rmSync(layout.dir, { recursive: true, force: true });

  mkdirSync(layout.dir, { recursive: true, mode: 0o700 });
  const node = await reserve(layout);
  const server = `https://${node.address}:${PORTS.api}`;
  const snapshotter = await chooseSnapshotter(layout);
  writeState(layout, {
    name: layout.name,
    level: "node",
    server,
    programs: served.dir,
    served: served.from,
    ports: PORTS,
    node: { ...node, snapshotter },
  });
  makeCgroups(node.cgroup);

  await writeClusterPki(layout.pki, { serverHosts: [node.address], nodeName: layout.name, nodeAddress: node.address });
  writeControlPlaneConfig(layout, server);
  const cniPlugins = cniFolder() ?? "";
  writeNodeConfig({ layout, server, address: node.address, cgroup: node.cgroup, cniPlugins, snapshotter });
  for (const folder of [...Object.values(COVERED_DIRS), "pod-logs", "kubelet"])
    mkdirSync(join(layout.dir, folder), { recursive: true });
  rmSync(bootstrappedFile(layout), { force: true });
  const containerd = which("containerd") ?? "containerd";
  addProcesses(layout, [
    ...controlPlaneProcesses({
      layout,
      programs: served.dir,
      address: node.address,
      ports: PORTS,
      node: true,
      durable: options.detached === true,
    }),
    ...nodeProcesses({ layout, programs: served.dir, address: node.address, containerd }),
  ]);
  startSupervisor(layout, {
    ...(options.detached === true ? {} : { owner: identityOf(process.pid) }),
    namespaces: namespacePlan(layout, node.link, node),
  });

  // Imports the image that every pod needs while the API server is still starting.
  await waitReady(layout, ["containerd"], timeoutMs);
  const sandbox = join(layout.dir, "sandbox.tar");
  writeSandboxImage(sandbox);
  await importInto(layout, [sandbox]);
  onContainerd();
  await waitReady(layout, ["kube-apiserver"], timeoutMs);
  const api = connectApi(server, layout.pki, "admin");
  await bootstrapCluster(api);
  writeFileSync(bootstrappedFile(layout), "");
  await waitReady(layout, ALL_PROCESSES, timeoutMs);
  await waitForDefaultNamespace(api, timeoutMs);
  await waitForNode(api, layout, timeoutMs);
}

/** Records in the machine's ledger what this cluster uses before it uses it. */
async function reserve(layout: Layout): Promise<Omit<NonNullable<ClusterState["node"]>, "snapshotter">> {
  const names = { link: linkOf(layout), cgroup: cgroupOf(layout) };
  const before = readState(layout)?.node;
  const routes = routedNetworks(await run("ip", ["-json", "route", "show", "table", "all"], { timeoutMs: 10_000 }));
  let link: Awaited<ReturnType<typeof reserve>> | undefined;
  await openMachine().enter(layout.dir, (others) => {
    // A cluster that starts again keeps its address, since its certificates contain it.
    link = { ...names, ...(before ?? chooseLink(layout.id, [...routes, ...others.map(network)])) };
    return link.subnet;
  });
  if (link === undefined) throw new Error("no addresses were chosen");
  return link;
}

type NodeObject = {
  readonly status?: { readonly conditions?: readonly { type: string; status: string; message: string }[] };
};

async function waitForNode(api: Api, layout: Layout, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (true) {
    const reply = await api.request("GET", `/api/v1/nodes/${layout.name}`);
    const node = reply.status === 200 ? (JSON.parse(reply.body) as NodeObject) : {};
    const ready = node.status?.conditions?.find(({ type }) => type === "Ready");
    if (ready?.status === "True") return;
    if (Date.now() > deadline)
      throw new Error(
        `the node ${layout.name} is not ready: ${ready?.message ?? "it did not register with the API server"}`,
      );
    await sleep(100);
  }
}

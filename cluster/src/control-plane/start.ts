import { mkdirSync } from "node:fs";
import { connectApi } from "../api.ts";
import { type Cluster, handleFor } from "../handle.ts";
import { layoutOf } from "../layout.ts";
import { withLock } from "../machine/lock.ts";
import { freePorts } from "../machine/ports.ts";
import { identityOf } from "../machine/processes.ts";
import { writeClusterPki } from "../pki/cluster-pki.ts";
import { CONTROL_PLANE_PROGRAMS, locatePrograms } from "../programs/index.ts";
import { writeState } from "../state.ts";
import { stopCluster } from "../stop.ts";
import { addProcesses, startSupervisor, waitReady } from "../supervisor/control.ts";
import { writeControlPlaneConfig } from "./config.ts";
import { CONTROL_PLANE, controlPlaneProcesses } from "./processes.ts";
import { waitForDefaultNamespace } from "./settled.ts";

export type ControlPlaneStart = {
  readonly name: string;
  /** Folder of the clusters. Default: `clusters` in the project's cache. */
  readonly dir?: string;
  /** True if the cluster outlives this process. By default it is removed when this process ends for any reason. */
  readonly detached?: boolean;
  /** Receives each line of progress. Default: standard error. */
  readonly log?: (line: string) => void;
  /** Default 60 s. */
  readonly timeoutMs?: number;
  /** False if something else stands in for it. Without a node it only says of every pod that none can run it. Default: true. */
  readonly scheduler?: boolean;
};

/**
 * Level L2: etcd, kube-apiserver, kube-controller-manager and kube-scheduler on free loopback ports, in seconds, without
 * root. A cluster of the same name is removed first. RBAC, admission, garbage collection and audit log are real. There is
 * no node, so pods stay Pending (see `startKwok`).
 * @throws with the failing process's last log lines if it is not ready in time
 */
export async function startControlPlane(options: ControlPlaneStart): Promise<Cluster> {
  const log = options.log ?? ((line: string) => process.stderr.write(`${line}\n`));
  const layout = layoutOf(options.name, options.dir);
  const served = await locatePrograms(CONTROL_PLANE_PROGRAMS, log);
  await stopCluster(options.name, options.dir === undefined ? {} : { dir: options.dir });
  return withLock(`${layout.dir}.lock`, 30_000, async () => {
    const [api = 0, etcd = 0, etcdPeer = 0, etcdHealth = 0, controllerManager = 0, scheduler = 0] = await freePorts(6);
    const server = `https://127.0.0.1:${api}`;
    writeState(layout, {
      name: layout.name,
      level: "control-plane",
      server,
      programs: served.dir,
      served: served.from,
      ports: { api },
    });
    await writeClusterPki(layout.pki, { serverHosts: [], nodeName: layout.name, nodeAddress: "127.0.0.1" });
    writeControlPlaneConfig(layout, server);
    mkdirSync(layout.logs, { recursive: true });
    const isWanted = (name: string) => options.scheduler !== false || name !== "kube-scheduler";
    const processes = controlPlaneProcesses({
      layout,
      programs: served.dir,
      address: "127.0.0.1",
      ports: { api, etcd, etcdPeer, etcdHealth, controllerManager, scheduler },
      node: false,
      durable: false,
    });
    addProcesses(
      layout,
      processes.filter(({ name }) => isWanted(name)),
    );
    startSupervisor(layout, options.detached === true ? {} : { owner: identityOf(process.pid) });
    const timeoutMs = options.timeoutMs ?? 60_000;
    await waitReady(layout, CONTROL_PLANE.filter(isWanted), timeoutMs);
    await waitForDefaultNamespace(connectApi(server, layout.pki, "admin"), timeoutMs);
    return handleFor(layout);
  });
}

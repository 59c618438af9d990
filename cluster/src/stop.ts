import { existsSync, rmdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { defaultClustersDir, type Layout, layoutOf } from "./layout.ts";
import { withLock } from "./machine/lock.ts";
import { markedProcesses, signal, waitGone } from "./machine/processes.ts";
import { tracesOf } from "./machine-traces.ts";
import { removeCgroups } from "./node/cgroups.ts";
import { openMachine } from "./node/machine.ts";
import { cgroupOf, removeLink } from "./node/names.ts";

export type StopOptions = {
  /** Folder that holds clusters; default `clusters` in the project's cache. */
  readonly dir?: string;
};

/**
 * Stops and removes a cluster in any state, even after a crash, a `kill -9` or an interrupted start. Leaves no process,
 * mount, namespace, link, cgroup, changed sysctl or file. Does nothing if there is no such cluster.
 * @throws if something can't be removed
 */
export async function stopCluster(name: string, options: StopOptions = {}): Promise<void> {
  const layout = layoutOf(name, options.dir);
  // The folder may have been removed by hand while the cluster ran. Its traces on the machine are found without it.
  if (!existsSync(layout.dir) && tracesOf(layout).length === 0) return;
  const parent = dirname(layout.dir);
  const parentIsOurs = parent === defaultClustersDir() || !existsSync(parent);
  await withLock(`${layout.dir}.lock`, 60_000, async () => {
    await stopProcesses(layout);
    rmSync(layout.dir, { recursive: true, force: true });
    await openMachine().leave(layout.dir);
  });
  // Any folder but the default one belongs to the caller, unless the lock above created it.
  if (parentIsOurs) removeIfEmpty(parent);
}

/**
 * Kills all processes of a cluster and keeps its files. They get no grace period. The kernel removes the namespaces and
 * mounts with the last process in them.
 */
export async function stopProcesses(layout: Layout): Promise<void> {
  let left = markedProcesses(layout.dir);
  // Repeated until none is found, since a process may have just started another.
  for (let round = 0; left.length > 0; round++) {
    if (round === 20)
      throw new Error(
        `could not kill these processes of cluster ${layout.name}: ${left.map(({ pid }) => pid).join(", ")}`,
      );
    for (const process of left) signal(process, "SIGKILL");
    await waitGone(left, 5_000);
    left = markedProcesses(layout.dir);
  }
  // Containers do not inherit the marker. They are found by their cgroups.
  await removeCgroups(cgroupOf(layout));
  await removeLink(layout);
}

function removeIfEmpty(dir: string): void {
  try {
    rmdirSync(dir);
  } catch (error) {
    // The folder contains other clusters, or another process has just removed it.
    if (!["ENOTEMPTY", "ENOENT"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}

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
 * Takes a cluster down, whatever state it is in: after a crash, a `kill -9` or half a start. Leaves no process, mount,
 * namespace, link, cgroup, changed sysctl or file. Does nothing when there is no such cluster.
 * @throws when something resists
 */
export async function stopCluster(name: string, options: StopOptions = {}): Promise<void> {
  const layout = layoutOf(name, options.dir);
  // Its folder may have been removed by hand while it ran: what it has on the machine is found all the same.
  if (!existsSync(layout.dir) && tracesOf(layout).length === 0) return;
  const parent = dirname(layout.dir);
  const parentIsOurs = parent === defaultClustersDir() || !existsSync(parent);
  await withLock(`${layout.dir}.lock`, 60_000, async () => {
    await stopProcesses(layout);
    rmSync(layout.dir, { recursive: true, force: true });
    await openMachine().leave(layout.dir);
  });
  // The default folder is ours to tidy up; any other is the caller's, unless the lock above made it.
  if (parentIsOurs) removeIfEmpty(parent);
}

/**
 * Ends everything that runs of a cluster and keeps its files. At once and without grace: nothing of its data outlives
 * the cluster, and its namespaces and mounts go with the last process in them.
 */
export async function stopProcesses(layout: Layout): Promise<void> {
  let left = markedProcesses(layout.dir);
  // Again until none is found: one may have been about to start another.
  for (let round = 0; left.length > 0; round++) {
    if (round === 20)
      throw new Error(`processes of ${layout.name} can't be ended: ${left.map(({ pid }) => pid).join(", ")}`);
    for (const process of left) signal(process, "SIGKILL");
    await waitGone(left, 5_000);
    left = markedProcesses(layout.dir);
  }
  // Containers don't inherit the marker; their cgroups tell them.
  await removeCgroups(cgroupOf(layout));
  await removeLink(layout);
}

function removeIfEmpty(dir: string): void {
  try {
    rmdirSync(dir);
  } catch (error) {
    // Other clusters live there, or their last one has just been taken down as well.
    if (!["ENOTEMPTY", "ENOENT"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}

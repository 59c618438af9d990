import { existsSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { defaultClustersDir, layoutOf } from "./layout.ts";
import { withLock } from "./lock.ts";
import { markedProcesses, signal, waitGone } from "./proc.ts";

export type StopOptions = {
  /** Folder that holds clusters; default `clusters` in the project's cache. */
  readonly dir?: string;
};

/**
 * Takes a cluster down, whatever state it is in: after a crash, a `kill -9` or half a start. Leaves no process and no
 * file. Does nothing when there is no such cluster. @throws when something resists
 */
export async function stopCluster(name: string, options: StopOptions = {}): Promise<void> {
  const layout = layoutOf(name, options.dir);
  if (!existsSync(layout.dir)) return;
  await withLock(`${layout.dir}.lock`, 60_000, async () => {
    let left = markedProcesses(layout.dir);
    // Again until none is found: one may have been about to start another.
    for (let round = 0; left.length > 0 && round < 20; round++) {
      for (const process of left) signal(process, "SIGKILL");
      await waitGone(left, 5_000);
      left = markedProcesses(layout.dir);
    }
    rmSync(layout.dir, { recursive: true, force: true });
  });
  // The default folder is ours to tidy up; any other is the caller's.
  const parent = dirname(layout.dir);
  if (parent === defaultClustersDir() && readdirSync(parent).length === 0) rmdirSync(parent);
}

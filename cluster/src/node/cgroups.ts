import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { identityOf, type ProcessIdentity, signal, waitGone } from "../machine/processes.ts";

/** Mount points of the machine's cgroup hierarchies: one for cgroup v2, several for v1. */
export function cgroupHierarchies(mounts: string = readFileSync("/proc/self/mounts", "utf8")): string[] {
  return mounts
    .split("\n")
    .map((line) => line.split(" "))
    .filter(([, , type]) => type === "cgroup" || type === "cgroup2")
    .map(([, path = ""]) => path);
}

/** Creates the cluster's root cgroup in every hierarchy, since the kubelet requires it to exist. */
export function makeCgroups(name: string): void {
  for (const hierarchy of cgroupHierarchies()) {
    const dir = join(hierarchy, name);
    mkdirSync(dir, { recursive: true });
    // cgroup v1: a cpuset without CPUs and memory nodes accepts no process.
    for (const file of ["cpuset.cpus", "cpuset.mems"]) {
      const own = join(dir, file);
      const parents = join(hierarchy, file);
      if (existsSync(own) && existsSync(parents) && readFileSync(own, "utf8").trim() === "") {
        writeFileSync(own, readFileSync(parents));
      }
    }
  }
}

function subtree(dir: string): string[] {
  const below = readdirSync(dir, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [...below.flatMap((entry) => subtree(join(dir, entry.name))), dir];
}

function processesOf(dir: string): ProcessIdentity[] {
  const pids = existsSync(join(dir, "cgroup.procs")) ? readFileSync(join(dir, "cgroup.procs"), "utf8").split("\n") : [];
  return pids.flatMap((text) => {
    try {
      return text === "" || text === "0" ? [] : [identityOf(Number(text))];
    } catch {
      return []; // ended meanwhile
    }
  });
}

/** Kills all processes below the cluster's root cgroups and removes them. @throws if that takes longer than 10 s */
export async function removeCgroups(name: string): Promise<void> {
  const roots = cgroupHierarchies()
    .map((hierarchy) => join(hierarchy, name))
    .filter((dir) => existsSync(dir));
  const deadline = Date.now() + 10_000;
  for (const root of roots) {
    while (existsSync(root)) {
      try {
        const dirs = subtree(root);
        const processes = dirs.flatMap(processesOf);
        for (const process of processes) signal(process, "SIGKILL");
        await waitGone(processes, 5_000);
        for (const dir of dirs) rmdirSync(dir);
      } catch (error) {
        // A cgroup is busy for a moment after its last process has ended, or it changed during the removal.
        if (Date.now() > deadline) throw new Error(`could not remove the cgroup ${root}: ${String(error)}`);
        await sleep(50);
      }
    }
  }
}

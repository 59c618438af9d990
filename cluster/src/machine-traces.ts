import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Layout } from "./layout.ts";
import { markedProcesses } from "./machine/processes.ts";
import { cgroupHierarchies } from "./node/cgroups.ts";
import { cgroupOf, linkOf } from "./node/names.ts";

/** Describes everything that a cluster has on the machine. Empty after `down`. */
export function tracesOf(layout: Layout): string[] {
  const mounts = readFileSync("/proc/self/mounts", "utf8").split("\n");
  const cgroups = cgroupHierarchies().map((hierarchy) => join(hierarchy, cgroupOf(layout)));
  return [
    ...markedProcesses(layout.dir).map(({ pid }) => `process ${pid}`),
    ...processesNaming(layout.dir).map((pid) => `process ${pid} works in the folder`),
    ...mounts.filter((line) => line.includes(layout.dir)).map((line) => `mount ${line}`),
    ...cgroups.filter((dir) => existsSync(dir)).map((dir) => `cgroup ${dir}`),
    ...(existsSync(`/sys/class/net/${linkOf(layout)}`) ? [`link ${linkOf(layout)}`] : []),
    ...(existsSync(layout.dir) ? [`folder ${layout.dir}`] : []),
    ...(existsSync(`${layout.dir}.lock`) ? [`lock ${layout.dir}.lock`] : []),
  ];
}

/** Processes whose command line contains the folder, such as shims and programs without the marker. */
function processesNaming(dir: string): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => {
      if (!Number.isInteger(pid) || pid === process.pid) return false;
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
        return words.some((word) => word.includes(`${dir}/`));
      } catch {
        return false;
      }
    });
}

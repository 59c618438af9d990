import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { removeWithOwner } from "@taskassistant/kit/testing";

/** A cgroup that limits the memory of a process as the node limits a container's. */
export interface MemoryGroup {
  add(pid: number): void;
  /** The most memory that was in use, in bytes. */
  peak(): number;
  /** How many processes the kernel has killed for exceeding the limit. */
  kills(): number;
  remove(): Promise<void>;
}

const V1 = "/sys/fs/cgroup/memory";
const V2 = "/sys/fs/cgroup";

/** Whether this machine lets us limit memory; needs root. */
export function canLimitMemory(): boolean {
  return process.getuid?.() === 0 && (existsSync(join(V1, "memory.limit_in_bytes")) || hasMemoryV2());
}

function hasMemoryV2(): boolean {
  const controllers = join(V2, "cgroup.subtree_control");
  return existsSync(controllers) && readFileSync(controllers, "utf8").split(/\s+/).includes("memory");
}

/** Creates a group with a limit in bytes. Swapping is switched off, so that the limit is one. */
export function createMemoryGroup(name: string, bytes: number): MemoryGroup {
  const v1 = existsSync(join(V1, "memory.limit_in_bytes"));
  const dir = join(v1 ? V1 : V2, `taskassistant-attack-${name}-${process.pid}`);
  mkdirSync(dir);
  const removed = removeWithOwner(dir);
  const write = (file: string, value: string | number) => writeFileSync(join(dir, file), String(value));
  const read = (file: string) => readFileSync(join(dir, file), "utf8");
  write(v1 ? "memory.limit_in_bytes" : "memory.max", bytes);
  const swap = v1 ? "memory.memsw.limit_in_bytes" : "memory.swap.max";
  if (existsSync(join(dir, swap))) write(swap, v1 ? bytes : 0);
  return {
    add: (pid) => write("cgroup.procs", pid),
    peak: () => Number(read(v1 ? "memory.max_usage_in_bytes" : "memory.peak")),
    kills: () => Number(/^oom_kill (\d+)/m.exec(read(v1 ? "memory.oom_control" : "memory.events"))?.[1] ?? 0),
    remove: async () => {
      // The group is busy for a moment after its last process has ended.
      for (let attempt = 0; attempt < 40; attempt++) {
        try {
          rmdirSync(dir);
          return removed();
        } catch {
          await sleep(50);
        }
      }
    },
  };
}

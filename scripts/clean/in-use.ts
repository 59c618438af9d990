import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { MARKER, processesWith } from "../../test/cluster/proc.ts";

export type Place = {
  /** The checkout. */
  readonly root: string;
  /** The project's cache. */
  readonly cache: string;
};

/** What runs on the files that `make clean` removes, in words, with the way to stop it. Empty when nothing does. */
export function inUse({ root, cache }: Place): string[] {
  const clusters = namesIn(join(cache, "clusters")).filter((name) => !name.includes("."));
  return [
    ...clusters.map((name) => `the embedded cluster ${name} is there: ${downCommand(name)}`),
    ...strayClusters(cache),
    ...forwards(join(cache, "forwards")),
    ...(isAlive(read(join(root, ".cache/dev/supervisor.pid")))
      ? ["make dev runs in this checkout: end it by Ctrl-C"]
      : []),
    ...(isAlive(holderOf(join(cache, "images/build.lock")))
      ? ["images are being built: let that end, or end it by Ctrl-C"]
      : []),
    ...(isAlive(read(join(root, ".cache/test/runner.pid")))
      ? ["make test runs in this checkout: let it end, or end it by Ctrl-C"]
      : []),
  ];
}

function downCommand(name: string): string {
  return name === "taskassistant" ? "make down" : `CLUSTER_NAME=${name} make down`;
}

/** Clusters in other folders, those of tests, that run programs of the cache. */
function strayClusters(cache: string): string[] {
  const dirs = processesWith(MARKER)
    .filter(({ pid }) => programOf(pid).startsWith(`${cache}/`))
    .flatMap(({ pid }) => read(`/proc/${pid}/environ`).split("\0"))
    .filter((entry) => entry.startsWith(`${MARKER}=`))
    .map((entry) => entry.slice(MARKER.length + 1));
  const others = [...new Set(dirs)].filter((dir) => !dir.startsWith(`${join(cache, "clusters")}/`));
  return others.map((dir) => `a cluster of tests runs in ${dir}: let the tests end`);
}

function programOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return "";
  }
}

function forwards(folder: string): string[] {
  return namesIn(folder)
    .filter((name) => name.endsWith(".json"))
    .filter((name) => {
      const { pid } = JSON.parse(read(join(folder, name)) || "{}") as { pid?: number };
      return pid !== undefined && read(`/proc/${pid}/cmdline`).includes("keep-forward");
    })
    .map(
      (name) =>
        `make up forwards a port to ${name.replace(/\.json$/, "")}: make down, with the variables of that make up`,
    );
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function holderOf(lock: string): string {
  try {
    return String((JSON.parse(read(lock)) as { pid?: number }).pid ?? "");
  } catch {
    return "";
  }
}

function isAlive(pid: string): boolean {
  return /^[1-9]\d*$/.test(pid.trim()) && existsSync(`/proc/${pid.trim()}`);
}

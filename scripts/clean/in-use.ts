import { readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { inCache, isAlive, MARKER, type ProcessIdentity, processesWith, readJson } from "./machine.ts";
import { namesIn } from "./names-in.ts";
import { type Place, type User, usersOf } from "./users.ts";

/** Describes everything that uses the files `make clean` removes, each with the command that stops it. */
export function inUse(place: Place): string[] {
  const { cache } = place;
  const clusters = namesIn(inCache("clusters", cache)).filter((name) => !name.includes("."));
  const kube = inCache("kube", cache);
  const locks = namesIn(kube).filter((name) => name.endsWith(".lock"));
  return [
    ...clusters.map((name) => `the embedded cluster ${name} still exists; remove it with: ${downCommand(name)}`),
    ...strayClusters(cache),
    ...forwards(inCache("forwards", cache)),
    ...(isHeld(join(inCache("images", cache), "build.lock"))
      ? ["an image build is running; wait until it ends or stop it with Ctrl-C"]
      : []),
    ...(locks.some((name) => isHeld(join(kube, name)))
      ? ["the Kubernetes programs are being installed; wait until that ends or stop it with Ctrl-C"]
      : []),
    ...usersOf(place).map((user) => inWords(user, place)),
  ];
}

function inWords({ what, root }: User, place: Place): string {
  const where = root === place.root ? "in this checkout" : `in ${root}`;
  return `${what} is running ${where}; ${what === "make dev" ? "" : "wait until it ends or "}stop it with Ctrl-C`;
}

function downCommand(name: string): string {
  return name === "taskassistant" ? "make down" : `CLUSTER_NAME=${name} make down`;
}

/** Test clusters in other folders that run programs of the cache. */
function strayClusters(cache: string): string[] {
  const dirs = processesWith(MARKER)
    .filter(({ pid }) => programOf(pid).startsWith(`${cache}/`))
    .flatMap(({ pid }) => read(`/proc/${pid}/environ`).split("\0"))
    .filter((entry) => entry.startsWith(`${MARKER}=`))
    .map((entry) => entry.slice(MARKER.length + 1));
  const others = [...new Set(dirs)].filter((dir) => !dir.startsWith(`${inCache("clusters", cache)}/`));
  return others.map((dir) => `a test cluster is running in ${dir}; wait until the tests end`);
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
      const pid = readJson<{ pid: number }>(join(folder, name))?.pid;
      return pid !== undefined && read(`/proc/${pid}/cmdline`).includes("keep-forward");
    })
    .map(
      (name) =>
        `make up forwards a port to ${name.replace(/\.json$/, "")}; stop it with make down and the variables of that make up`,
    );
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** True while the lock's holder runs. A later process with the same number does not count. */
function isHeld(lock: string): boolean {
  const holder = readJson<ProcessIdentity>(lock);
  return holder !== undefined && isAlive(holder);
}

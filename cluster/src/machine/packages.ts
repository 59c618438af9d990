import { accessSync, constants, existsSync } from "node:fs";
import { join } from "node:path";
import { cacheDir } from "./cache.ts";
import { withLock } from "./lock.ts";
import { run } from "./run.ts";

/** Commands that a node needs on the machine, each with its Debian package. */
const NEEDED: Readonly<Record<string, string>> = {
  containerd: "containerd",
  ctr: "containerd",
  runc: "runc",
  iptables: "iptables",
  ip: "iproute2",
  nsenter: "util-linux",
  unshare: "util-linux",
  busybox: "busybox-static",
};

const CNI_PACKAGE = "containernetworking-plugins";
/** Debian's folder, the projects' own, Fedora's. */
const CNI_FOLDERS = ["/usr/lib/cni", "/opt/cni/bin", "/usr/libexec/cni"];
const CNI_PLUGINS = ["bridge", "host-local", "portmap", "loopback"];

/** Program folders that are not in an ordinary user's PATH. */
export const SYSTEM_PATH = "/usr/local/sbin:/usr/sbin:/sbin";

/** Full path of a command. Undefined if it is not installed. */
export function which(command: string, path = `${process.env.PATH ?? ""}:${SYSTEM_PATH}`): string | undefined {
  for (const dir of path.split(":").filter((entry) => entry !== "")) {
    const candidate = join(dir, command);
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      // not here
    }
  }
  return undefined;
}

/** The folder of the CNI plugins. Undefined if no folder has all of them. */
export function cniFolder(): string | undefined {
  return CNI_FOLDERS.find((dir) => CNI_PLUGINS.every((plugin) => existsSync(join(dir, plugin))));
}

export function missingPackages(): string[] {
  const packages = Object.entries(NEEDED).flatMap(([command, from]) => (which(command) === undefined ? [from] : []));
  if (cniFolder() === undefined) packages.push(CNI_PACKAGE);
  return [...new Set(packages)];
}

/** Installs Debian packages as root and logs it. @throws without root or apt-get */
export async function aptInstall(packages: readonly string[], log: (line: string) => void): Promise<void> {
  if (which("apt-get") === undefined || process.getuid?.() !== 0) {
    throw new Error(
      `the packages ${packages.join(", ")} (Debian names) are missing; run this as root on a machine with apt-get, or install them first`,
    );
  }
  log(`setup: installing ${packages.join(", ")} with apt-get (about 25 s, once)`);
  const started = Date.now();
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  // apt-get fails while another one runs, and a start installs packages for the node and the images at the same time.
  await withLock(join(cacheDir(), "apt-get.lock"), 900_000, async () => {
    await run("apt-get", ["update", "-qq"], { env, timeoutMs: 180_000 });
    await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], { env, timeoutMs: 600_000 });
  });
  log(`setup: installed the packages in ${Math.round((Date.now() - started) / 1000)} s`);
}

/**
 * Installs the missing packages that a node needs, on Debian and its derivatives.
 * @throws with the missing packages if they can't be installed
 */
export async function ensureSystemPackages(log: (line: string) => void): Promise<void> {
  if (process.getuid?.() !== 0) {
    throw new Error(
      "a cluster with a node needs root for network namespaces, cgroups and containerd; run this as root, for example with sudo",
    );
  }
  const missing = missingPackages();
  if (missing.length === 0) return;
  await aptInstall(missing, log);
  const still = missingPackages();
  if (still.length > 0)
    throw new Error(`apt-get installed ${missing.join(", ")}, but these are still missing: ${still.join(", ")}`);
}

import { accessSync, constants, existsSync } from "node:fs";
import { join } from "node:path";
import { cacheDir } from "./cache.ts";
import { withLock } from "./lock.ts";
import { run } from "./run.ts";

/** Commands of the machine a node needs and the Debian package each comes from. */
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

/** Folders of programs that a plain user's PATH lacks. */
export const SYSTEM_PATH = "/usr/local/sbin:/usr/sbin:/sbin";

/** Full path of a command, undefined when it isn't there. */
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

/** The folder of the CNI plugins, undefined when no folder has them all. */
export function cniFolder(): string | undefined {
  return CNI_FOLDERS.find((dir) => CNI_PLUGINS.every((plugin) => existsSync(join(dir, plugin))));
}

export function missingPackages(): string[] {
  const packages = Object.entries(NEEDED).flatMap(([command, from]) => (which(command) === undefined ? [from] : []));
  if (cniFolder() === undefined) packages.push(CNI_PACKAGE);
  return [...new Set(packages)];
}

/** Installs Debian packages as root, saying so before and after. @throws where there is no root or no apt-get */
export async function aptInstall(packages: readonly string[], log: (line: string) => void): Promise<void> {
  if (which("apt-get") === undefined || process.getuid?.() !== 0) {
    throw new Error(
      `this machine lacks ${packages.join(", ")} (Debian's package names); installing them takes root and apt-get`,
    );
  }
  log(`setup: installing ${packages.join(", ")} by apt-get (about 25 s, once)`);
  const started = Date.now();
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  // apt-get gives up when another one runs; a start installs for the node and for the images at the same time.
  await withLock(join(cacheDir(), "apt-get.lock"), 900_000, async () => {
    await run("apt-get", ["update", "-qq"], { env, timeoutMs: 180_000 });
    await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], { env, timeoutMs: 600_000 });
  });
  log(`setup: packages ready after ${Math.round((Date.now() - started) / 1000)} s`);
}

/**
 * Makes sure that what a node needs from the machine is installed; on Debian and its children it installs what is missing.
 * @throws naming what is missing where it can't be installed
 */
export async function ensureSystemPackages(log: (line: string) => void): Promise<void> {
  if (process.getuid?.() !== 0) {
    throw new Error("a node needs root (network namespaces, cgroups, containerd); the control plane alone doesn't");
  }
  const missing = missingPackages();
  if (missing.length === 0) return;
  await aptInstall(missing, log);
  const still = missingPackages();
  if (still.length > 0)
    throw new Error(`apt-get installed ${missing.join(", ")}, yet ${still.join(", ")} isn't usable`);
}

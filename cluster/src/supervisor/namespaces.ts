import { execFileSync, spawn } from "node:child_process";
import { openSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Plan } from "./spec.ts";

const PATIENCE_MS = 5_000;

/**
 * Creates and sets up a network and a mount namespace.
 * They have no name on the machine. This process keeps them open and its children run in them. When the last of these
 * ends, the kernel removes the namespaces with their links, routes, rules and mounts, so nothing can be left behind.
 * @returns the words before a command that runs inside
 */
export async function enterNamespaces(
  plan: NonNullable<Plan["namespaces"]>,
  env: Record<string, string>,
): Promise<string[]> {
  const holder = spawn("unshare", ["--net", "--mount", "--propagation", "private", "sleep", "60"], {
    stdio: "ignore",
    env,
  });
  const pid = holder.pid;
  if (pid === undefined) throw new Error("could not start unshare; on Debian run: apt-get install util-linux");
  try {
    await unshared(pid);
    // This process opens them, so they outlive the holder, and children do not inherit a descriptor.
    const net = openSync(`/proc/${pid}/ns/net`, "r");
    const mount = openSync(`/proc/${pid}/ns/mnt`, "r");
    const prefix = [
      "nsenter",
      `--net=/proc/${process.pid}/fd/${net}`,
      `--mount=/proc/${process.pid}/fd/${mount}`,
      "--",
    ];
    for (const words of plan.host)
      run(
        words.map((word) => (word === "PID" ? String(pid) : word)),
        env,
      );
    for (const words of plan.inside) run([...prefix, ...words], env);
    return prefix;
  } finally {
    holder.kill("SIGKILL");
  }
}

/** `unshare` becomes `sleep` only after both namespaces are its own. */
async function unshared(pid: number): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  const own = { net: readlinkSync("/proc/self/ns/net"), mnt: readlinkSync("/proc/self/ns/mnt") };
  while (Date.now() < deadline) {
    try {
      const exe = readlinkSync(`/proc/${pid}/exe`);
      const differs =
        readlinkSync(`/proc/${pid}/ns/net`) !== own.net && readlinkSync(`/proc/${pid}/ns/mnt`) !== own.mnt;
      if (differs && !exe.endsWith("/unshare")) return;
    } catch {
      throw new Error(
        "unshare --net --mount failed, because it needs root with CAP_SYS_ADMIN; in a container, run it with --privileged",
      );
    }
    await sleep(10);
  }
  throw new Error("unshare created no namespaces within 5 s");
}

function run(words: readonly string[], env: Record<string, string>): void {
  const [command = "", ...args] = words;
  try {
    execFileSync(command, args, { env, stdio: ["ignore", "pipe", "pipe"], timeout: PATIENCE_MS });
  } catch (error) {
    const stderr = String((error as { stderr?: Buffer }).stderr ?? "").trim();
    throw new Error(`${words.join(" ")}: ${stderr === "" ? String(error) : stderr}`);
  }
}

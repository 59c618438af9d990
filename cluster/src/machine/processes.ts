import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** A process that can't be mistaken for a later one with the same number. */
export type ProcessIdentity = { readonly pid: number; readonly started: string };

/** Variable every process of a cluster inherits, set to the cluster's folder: how `down` finds them after a crash. */
export const MARKER = "TASKASSISTANT_CLUSTER_DIR";

/** The kernel's start time of a process (field 22 of /proc/PID/stat, clock ticks since boot), undefined when it is gone. */
export function startTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The program's name is in parentheses and may hold spaces: count from behind it. State Z: dead, not yet waited for.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/** @throws when there is no such process */
export function identityOf(pid: number): ProcessIdentity {
  const started = startTime(pid);
  if (started === undefined) throw new Error(`process ${pid} is gone`);
  return { pid, started };
}

/** False as well for a note that names nobody. */
export function isAlive({ pid, started }: ProcessIdentity): boolean {
  const now = startTime(pid);
  return now !== undefined && now === started;
}

/** Every living process that inherited the marker of the cluster in `dir`, except this one. */
export const markedProcesses = (dir: string): ProcessIdentity[] => processesWith(MARKER, dir);

/** Every living process that was started with this variable, with this value when one is given; except this one. */
export function processesWith(variable: string, value?: string): ProcessIdentity[] {
  const fits = (entry: string) =>
    value === undefined ? entry.startsWith(`${variable}=`) : entry === `${variable}=${value}`;
  const found: ProcessIdentity[] = [];
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    try {
      if (!readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").some(fits)) continue;
    } catch {
      continue; // gone meanwhile, or another user's
    }
    const started = startTime(pid);
    if (started !== undefined) found.push({ pid, started });
  }
  return found;
}

export function signal(identity: ProcessIdentity, name: NodeJS.Signals): void {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Waits until all are gone; false when some remain after `timeoutMs`. */
export async function waitGone(identities: readonly ProcessIdentity[], timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (identities.some(isAlive)) {
    if (Date.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}

/** SIGTERM, up to `graceMs` of patience, then SIGKILL. */
export async function stopGently(identities: readonly ProcessIdentity[], graceMs: number): Promise<void> {
  for (const identity of identities) signal(identity, "SIGTERM");
  if (await waitGone(identities, graceMs)) return;
  for (const identity of identities) signal(identity, "SIGKILL");
  await waitGone(identities, 5_000);
}

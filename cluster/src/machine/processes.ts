import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** Identifies a process. The start time tells it from a later one with the same number. */
export type ProcessIdentity = { readonly pid: number; readonly started: string };

/** Variable with the cluster's folder that all its processes inherit. `down` finds them by it after a crash. */
export const MARKER = "TASKASSISTANT_CLUSTER_DIR";

/** The kernel's start time of a process (field 22 of /proc/PID/stat, clock ticks since boot), undefined if it has ended. */
export function startTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The program's name is in parentheses and may contain spaces, so fields count from there. State Z has ended.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/** @throws when there is no such process */
export function identityOf(pid: number): ProcessIdentity {
  const started = startTime(pid);
  if (started === undefined) throw new Error(`process ${pid} has ended`);
  return { pid, started };
}

/** True while the process runs. False for a record without a process. */
export function isAlive({ pid, started }: ProcessIdentity): boolean {
  const now = startTime(pid);
  return now !== undefined && now === started;
}

/** Every running process with the marker of the cluster in `dir`, except this one. */
export const markedProcesses = (dir: string): ProcessIdentity[] => processesWith(MARKER, dir);

/** Every running process whose environment has the variable, with the value if one is given, except this one. */
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
      continue; // ended meanwhile, or owned by another user
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

/** Waits until all have ended. Returns false if some still run after `timeoutMs`. */
export async function waitGone(identities: readonly ProcessIdentity[], timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (identities.some(isAlive)) {
    if (Date.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}

/** Sends SIGTERM, waits up to `graceMs`, then sends SIGKILL. */
export async function stopGently(identities: readonly ProcessIdentity[], graceMs: number): Promise<void> {
  for (const identity of identities) signal(identity, "SIGTERM");
  if (await waitGone(identities, graceMs)) return;
  for (const identity of identities) signal(identity, "SIGKILL");
  await waitGone(identities, 5_000);
}

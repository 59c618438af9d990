import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { identityOf, isAlive, type ProcessIdentity } from "./processes.ts";

/**
 * Runs `action` while holding the lock file `path`. The file names its holder, and a holder that has ended loses the lock.
 * @param onWait called once if another process holds the lock
 * @throws if a running holder keeps it for longer than `timeoutMs`, or if it can't be read or removed
 */
export async function withLock<T>(
  path: string,
  timeoutMs: number,
  action: () => Promise<T>,
  onWait: () => void = () => undefined,
): Promise<T> {
  const mine = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  const deadline = Date.now() + timeoutMs;
  let waits = false;
  while (!tryLock(path, mine)) {
    const holder = holderOf(path);
    if (holder !== undefined && !isAlive(holder)) {
      breakLock(path, holder, mine);
      continue;
    }
    if (Date.now() > deadline) {
      const why = holder === undefined ? "could not be acquired" : `is held by process ${holder.pid}`;
      throw new Error(`the lock ${path} ${why} for more than ${timeoutMs / 1000} s`);
    }
    if (holder === undefined) {
      await sleep(1); // it was just released
      continue;
    }
    if (!waits) onWait();
    waits = true;
    await sleep(50);
  }
  try {
    return await action();
  } finally {
    rmSync(path, { force: true });
  }
}

/** Creates the lock as a link, which is atomic, so that no process reads a partly written lock. */
function tryLock(path: string, mine: string): boolean {
  if (existsSync(path)) return false;
  // Whoever held the lock before may have removed the folder with what it stopped.
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(mine, JSON.stringify(identityOf(process.pid)));
  try {
    linkSync(mine, path);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Undefined if there is no lock. A lock without a holder, which a power cut may leave, counts as abandoned. */
function holderOf(path: string): ProcessIdentity | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
  try {
    const { pid, started } = JSON.parse(text) as ProcessIdentity;
    return { pid, started };
  } catch {
    return { pid: 0, started: "" };
  }
}

/** Removes the lock of a holder that has ended. Restores it if another waiter has acquired it in the meantime. */
function breakLock(path: string, dead: ProcessIdentity, mine: string): void {
  const aside = `${mine}.stale`;
  try {
    renameSync(path, aside);
    if (holderOf(aside)?.started !== dead.started) linkSync(aside, path);
  } catch (error) {
    // ENOENT: another waiter removed it first. EEXIST: a third one has already acquired it.
    if (!["ENOENT", "EEXIST"].includes(codeOf(error) ?? "")) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

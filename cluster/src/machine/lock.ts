import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { identityOf, isAlive, type ProcessIdentity } from "./processes.ts";

/**
 * Runs `action` while holding the lock file `path`, which names its holder: a holder that died loses it.
 * @param onWait called once when somebody else holds it
 * @throws when a living holder keeps it for longer than `timeoutMs`, or when it can't be read or taken away
 */
export async function withLock<T>(
  path: string,
  timeoutMs: number,
  action: () => Promise<T>,
  onWait: () => void = () => undefined,
): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
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
      const why = holder === undefined ? "can't be taken" : `is held by process ${holder.pid}`;
      throw new Error(`${path} ${why} since more than ${timeoutMs / 1000} s`);
    }
    if (holder === undefined) {
      await sleep(1); // given back this moment
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

/** A link appears complete or not at all: nobody reads a lock that is still being written. */
function tryLock(path: string, mine: string): boolean {
  if (existsSync(path)) return false;
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

/** Undefined when there is no lock. One that names nobody, as a power cut may leave it, is nobody's. */
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

/** Takes a dead holder's lock away; if another waiter was quicker and holds it by now, gives it back. */
function breakLock(path: string, dead: ProcessIdentity, mine: string): void {
  const aside = `${mine}.stale`;
  try {
    renameSync(path, aside);
    if (holderOf(aside)?.started !== dead.started) linkSync(aside, path);
  } catch (error) {
    // ENOENT: another waiter took it away first; EEXIST: and a third has taken it by now.
    if (!["ENOENT", "EEXIST"].includes(codeOf(error) ?? "")) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

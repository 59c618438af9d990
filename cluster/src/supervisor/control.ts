import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Layout } from "../layout.ts";
import { lastLines, readJson, writeJson } from "../machine/files.ts";
import { isAlive, MARKER } from "../machine/processes.ts";
import type { Plan, ProcessSpec, Status } from "./spec.ts";

/** The supervisor's latest status. Undefined before it has published one. */
export const readStatus = (layout: Layout): Status | undefined => readJson<Status>(layout.statusFile);

/** Adds processes to the supervisor, which starts them in the order of their `after`. */
export function addProcesses(layout: Layout, specs: readonly ProcessSpec[]): void {
  for (const spec of specs) writeJson(join(layout.processes, `${spec.name}.json`), spec);
}

/** Stops a supervised process with SIGTERM. It does not start again. */
export function removeProcess(layout: Layout, name: string): void {
  rmSync(join(layout.processes, `${name}.json`), { force: true });
}

/** Starts the supervisor of a cluster in its own session. The process files must exist. */
export function startSupervisor(layout: Layout, plan: Plan): void {
  mkdirSync(layout.logs, { recursive: true });
  rmSync(layout.statusFile, { force: true });
  writeJson(join(layout.dir, "plan.json"), plan);
  const log = openSync(join(layout.logs, "supervisor.log"), "a");
  const main = join(import.meta.dirname, "main.ts");
  const path = `${process.env.PATH ?? ""}:/usr/local/sbin:/usr/sbin:/sbin`;
  const child = spawn(process.execPath, [main, layout.name, dirname(layout.dir)], {
    cwd: layout.dir,
    detached: true,
    stdio: ["ignore", log, log],
    env: { PATH: path, HOME: process.env.HOME ?? "/", [MARKER]: layout.dir },
  });
  closeSync(log);
  child.unref();
}

/**
 * Waits until the named processes are ready.
 * @throws with the last lines of the log after `timeoutMs`, if a process keeps crashing, or if the supervisor failed
 */
export async function waitReady(layout: Layout, names: readonly string[], timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  const fail = (name: string, why: string): never => {
    const log = join(layout.logs, `${name}.log`);
    throw new Error(`cluster ${layout.name}: ${name} ${why}. The end of ${log}:\n${lastLines(log) || "(empty)"}`);
  };
  while (true) {
    const status = readStatus(layout);
    if (status?.failure !== undefined) fail("supervisor", `failed: ${status.failure}`);
    if (status !== undefined && !isAlive(status.supervisor)) fail("supervisor", "has ended");
    const late = names.find((name) => status?.processes[name]?.ready !== true);
    if (status !== undefined && late === undefined) return;
    for (const name of names) {
      const process = status?.processes[name];
      if (process !== undefined && !process.ready && process.starts >= 6)
        fail(name, `keeps crashing (${process.lastExit ?? "unknown exit code"})`);
    }
    if (Date.now() > deadline) {
      const first = status === undefined ? "supervisor" : (late ?? "supervisor");
      fail(first, `is not ready after ${Math.round(timeoutMs / 1000)} s`);
    }
    if (!existsSync(layout.dir)) throw new Error(`cluster ${layout.name} was removed while it started`);
    await sleep(50);
  }
}

/** The detached process that keeps a cluster running: `node supervisor/main.ts NAME PARENT_DIR`. */

import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { layoutOf } from "../layout.ts";
import { errorText } from "../machine/error-text.ts";
import { readJson, writeJson } from "../machine/files.ts";
import { identityOf, isAlive, MARKER } from "../machine/processes.ts";
import { enterNamespaces } from "./namespaces.ts";
import type { Plan, ProcessSpec, Status } from "./spec.ts";
import { type Supervised, supervise } from "./supervise.ts";

const LOOK_EVERY_MS = 250;

async function main(name: string, parentDir: string): Promise<void> {
  const layout = layoutOf(name, parentDir);
  const plan = readJson<Plan>(join(layout.dir, "plan.json"));
  if (plan === undefined) throw new Error(`${layout.dir}/plan.json is missing`);
  const env = { PATH: process.env.PATH ?? "", HOME: layout.dir, [MARKER]: layout.dir };
  const self = identityOf(process.pid);
  const running = new Map<string, Supervised>();

  const publish = (failure?: string) => {
    const processes = Object.fromEntries([...running].map(([key, process]) => [key, process.status()]));
    const status: Status = { supervisor: self, processes, ...(failure === undefined ? {} : { failure }) };
    if (existsSync(layout.dir)) writeJson(layout.statusFile, status);
  };

  let insidePrefix: string[] = [];
  if (plan.namespaces !== undefined) {
    try {
      insidePrefix = await enterNamespaces(plan.namespaces, env);
    } catch (error) {
      publish(errorText(error));
      throw error;
    }
  }

  const deps = {
    logs: layout.logs,
    env,
    insidePrefix,
    isReady: (other: string) => (isAbsolute(other) ? existsSync(other) : running.get(other)?.status().ready === true),
    onChange: () => publish(),
  };
  while (true) {
    const files = existsSync(layout.processes)
      ? readdirSync(layout.processes).filter((file) => file.endsWith(".json"))
      : [];
    const wanted = new Set(files.map((file) => file.slice(0, -".json".length)));
    for (const key of wanted) {
      if (running.has(key)) continue;
      const spec = readJson<ProcessSpec>(join(layout.processes, `${key}.json`));
      if (spec !== undefined) running.set(key, supervise(spec, deps));
    }
    for (const [key, process] of running) {
      if (wanted.has(key)) continue;
      process.stop();
      running.delete(key);
      publish();
    }
    if (plan.owner !== undefined && !isAlive(plan.owner)) {
      takeDown(name, parentDir);
      return;
    }
    await sleep(LOOK_EVERY_MS);
  }
}

/** Removes the cluster after its owner has ended, in a process without the cluster's marker, which `down` would kill. */
function takeDown(name: string, parentDir: string): void {
  const { [MARKER]: _mine, ...env } = process.env;
  const cli = join(import.meta.dirname, "..", "main.ts");
  spawn(process.execPath, [cli, "down", "--name", name, "--dir", parentDir], {
    detached: true,
    stdio: "ignore",
    env,
  }).unref();
}

const [name, parentDir] = process.argv.slice(2);
if (name === undefined || parentDir === undefined) throw new Error("usage: supervisor/main.ts NAME PARENT_DIR");
// The supervisor keeps running when its terminal closes.
process.on("SIGHUP", () => undefined);
await main(name, parentDir);
process.exit(0);

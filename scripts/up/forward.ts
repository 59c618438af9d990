import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inCache } from "@taskassistant/cluster/machine";
import type { Access } from "./access.ts";
import { ASSISTANT } from "./deploy.ts";

/** A port-forward that outlives `make up`, with the process that keeps it and its local port. */
interface Forward {
  pid: number;
  port: number;
}

const stateFile = (key: string) => join(inCache("forwards"), `${key}.json`);
const logFile = (key: string) => join(inCache("forwards"), `${key}.log`);

/** The forward of an earlier `make up` if its process still runs. */
async function runningForward(key: string): Promise<Forward | undefined> {
  const text = await readFile(stateFile(key), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const forward = JSON.parse(text) as Forward;
  const command = await readFile(`/proc/${forward.pid}/cmdline`, "utf8").catch(() => "");
  return command.includes("keep-forward") ? forward : undefined;
}

/** Starts a separate process that keeps `kubectl port-forward` running. It replaces an earlier one. */
export async function startForward(key: string, access: Access, port: number): Promise<void> {
  await stopForward(key);
  mkdirSync(inCache("forwards"), { recursive: true });
  const log = openSync(logFile(key), "a");
  const target = [
    "--namespace",
    ASSISTANT.namespace,
    "port-forward",
    "--address",
    "127.0.0.1",
    `service/${ASSISTANT.name}-frontend`,
  ];
  const keeper = join(import.meta.dirname, "keep-forward.ts");
  const child = spawn(process.execPath, [keeper, ...access.kubectlCommand, ...target, `${port}:3000`], {
    detached: true,
    stdio: ["ignore", log, log],
  });
  child.unref();
  closeSync(log);
  if (child.pid === undefined) throw new Error("the port-forward could not be started");
  await writeFile(stateFile(key), JSON.stringify({ pid: child.pid, port } satisfies Forward));
}

/** Ends the forward and removes its files. Does nothing if there is none. */
export async function stopForward(key: string): Promise<void> {
  const forward = await runningForward(key);
  if (forward) {
    process.kill(forward.pid, "SIGTERM");
    for (let waited = 0; waited < 50 && (await runningForward(key)); waited += 1)
      await new Promise((done) => setTimeout(done, 100));
  }
  await rm(stateFile(key), { force: true });
  await rm(logFile(key), { force: true });
}

import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { backoffMs } from "@taskassistant/cluster/machine";

/**
 * Keeps one command running: `node keep-forward.ts <program> <argument ...>`. `kubectl port-forward` ends when its pod
 * is deleted. This program starts it again until it receives a signal. The delay grows from 0.2 s to 5 s while the
 * command keeps ending quickly.
 */
const [program, ...args] = process.argv.slice(2);
if (!program) throw new Error("usage: keep-forward <program> [argument ...]");

const HEALTHY_MS = 10_000;
let child: ChildProcess | undefined;
let stopping = false;
let quickEnds = 0;

for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
  process.on(signal, () => {
    stopping = true;
    child?.kill("SIGTERM");
  });
}

while (!stopping) {
  const started = Date.now();
  await new Promise<void>((ended) => {
    child = spawn(program, args, { stdio: ["ignore", "inherit", "inherit"] });
    child.once("error", (error) => {
      console.error(error.message);
      ended();
    });
    child.once("close", () => ended());
  });
  if (stopping) break;
  quickEnds = Date.now() - started > HEALTHY_MS ? 0 : quickEnds + 1;
  await sleep(backoffMs(quickEnds, { firstMs: 200, maxMs: 5_000 }));
}

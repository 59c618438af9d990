import { type ChildProcess, execFileSync, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { endWithOwner } from "@taskassistant/kit/testing";
import type { Order } from "./orders.ts";

/** Binds a process with all its threads to one core. */
export function pin(pid: number, core: number): void {
  execFileSync("taskset", ["-acp", String(core), String(pid)], { stdio: "ignore" });
}

/** The attacker's process, on a core of its own. */
export interface Attacker {
  tell(order: Order): Promise<{ port?: number; sent?: number; statuses?: Record<string, number> }>;
  end(): void;
}

export function startAttacker(core: number): Attacker {
  const child = endWithOwner(
    fork(fileURLToPath(new URL("attacker.ts", import.meta.url)), {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    }),
  );
  if (child.pid !== undefined) pin(child.pid, core);
  return {
    tell: async (order) => {
      child.send(order);
      const [answer] = await once(child, "message");
      return answer;
    },
    end: () => void child.kill("SIGKILL"),
  };
}

/** A service that runs as in its container. */
export interface Service {
  readonly port: number;
  readonly process: ChildProcess;
  output(): string;
}

/** Starts a program of ours and waits until it is ready. Throws with its output if it ends before. */
export async function startService(
  args: readonly string[],
  options: {
    port: number;
    healthPort: number;
    cwd: string;
    env: Record<string, string>;
    onStart: (pid: number) => void;
  },
): Promise<Service> {
  const child = endWithOwner(
    spawn(process.execPath, args, {
      cwd: options.cwd,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: process.env.PATH ?? "",
        NODE_ENV: "production",
        PORT: String(options.port),
        HEALTH_PORT: String(options.healthPort),
        ...options.env,
      },
    }),
  );
  if (child.pid !== undefined) options.onStart(child.pid);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-20_000);
    });
  }
  for (let attempt = 0; attempt < 600; attempt++) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the service ended: ${output}`);
    const ready = await fetch(`http://127.0.0.1:${options.healthPort}/readyz`).catch(() => undefined);
    await ready?.body?.cancel();
    if (ready?.ok) return { port: options.port, process: child, output: () => output };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  child.kill("SIGKILL");
  throw new Error(`the service did not become ready: ${output}`);
}

import { spawn } from "node:child_process";
import { waitAtMost } from "@taskassistant/cluster/machine";
import { endWithOwner } from "@taskassistant/kit/testing";

/** How long tests may clean up after a signal. A cluster stops within seconds. */
const GRACE_MS = 30_000;

export interface Commands {
  /** Runs a command to its end with its output shown. @returns its exit code, 1 when a signal ended it */
  exec(argv: readonly string[], env?: Readonly<Record<string, string>>): Promise<number>;
  /** Stops the running command with a signal, then kills its process group. No further command starts. */
  interrupt(): Promise<void>;
}

/**
 * Runs commands one by one, each in its own process group, so that Ctrl-C reaches only the caller, which decides how they
 * end. If tests had to be killed, their clusters stop themselves because their owner has ended.
 */
export function createCommands(
  cwd: string,
  { graceMs = GRACE_MS, output = "inherit" }: { graceMs?: number; output?: "inherit" | "ignore" } = {},
): Commands {
  let running: { pid: number | undefined; ended: Promise<number> } | undefined;
  let interrupted = false;

  return {
    exec(argv, env = {}) {
      if (interrupted) return Promise.resolve(1);
      const [program = "", ...args] = argv;
      const child = endWithOwner(
        spawn(program, args, {
          cwd,
          env: { ...process.env, ...env },
          stdio: ["ignore", output, output],
          detached: true,
        }),
      );
      const ended = new Promise<number>((done) => {
        child.once("error", (error) => {
          console.error(`${program}: ${error.message}`);
          done(1);
        });
        child.once("exit", (code) => done(code ?? 1));
      });
      running = { pid: child.pid, ended };
      return ended;
    },
    async interrupt() {
      interrupted = true;
      if (running?.pid === undefined) return;
      const group = -running.pid;
      kill(group, "SIGINT");
      await waitAtMost(running.ended, graceMs);
      kill(group, "SIGKILL");
      await running.ended;
    },
  };
}

function kill(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(group, signal);
  } catch {
    // The group has no process left.
  }
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters, styleText } from "node:util";
import { waitAtMost } from "@taskassistant/cluster/machine";
import { readable } from "./log-line.ts";

const PRELOAD = fileURLToPath(new URL("end-with-parent.ts", import.meta.url));
/** How long a process may take to end after SIGTERM. */
const GRACE_MS = 8_000;
const NAME_WIDTH = 10;

export type Colour = "cyan" | "green" | "magenta" | "blue";

export type ChildOptions = {
  name: string;
  colour: Colour;
  cwd: string;
  command: readonly string[];
  env: Record<string, string>;
  /** Called when the process ends although it was not stopped. */
  onCrash(message: string): void;
};

export type Child = { name: string; restart(): Promise<void>; stop(): Promise<void> };

/** Starts a process and prints each line of its output after its name. */
export function startChild(options: ChildOptions): Child {
  const prefix = styleText(options.colour, options.name.padEnd(NAME_WIDTH));
  const asked = new WeakSet<ChildProcess>();
  let running = launch();
  let restarts = Promise.resolve();
  let stopped = false;

  function launch(): ChildProcess {
    const [program = "", ...args] = options.command;
    const child = spawn(program, args, {
      cwd: options.cwd,
      // In its own process group, so that Ctrl-C reaches only the supervisor, which then stops everything in order.
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        ...options.env,
        NODE_OPTIONS: `--import ${PRELOAD}`,
        DEV_SUPERVISOR_PID: String(process.pid),
      },
    });
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        if (stripVTControlCharacters(line).trim() !== "") process.stdout.write(`${prefix} ${readable(line)}\n`);
      });
    }
    child.once("exit", (code, signal) => {
      if (!asked.has(child)) options.onCrash(`${options.name} ended with ${signal ?? code}`);
    });
    return child;
  }

  const endRunning = (): Promise<void> => {
    asked.add(running);
    return end(running);
  };
  return {
    name: options.name,
    restart: () => {
      restarts = restarts.then(async () => {
        if (!stopped) await endRunning();
        if (!stopped) running = launch();
      });
      return restarts;
    },
    stop: () => {
      stopped = true;
      return endRunning();
    },
  };
}

/** Sends SIGTERM to the process, which forwards it. Kills what remains of its group after the grace period. */
async function end(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, "exit");
    child.kill("SIGTERM");
    await waitAtMost(exited, GRACE_MS);
  }
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The group has no process left.
  }
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters, styleText } from "node:util";
import { waitAtMost } from "@taskassistant/cluster/machine";
import { readable } from "./log-line.ts";

const PRELOAD = fileURLToPath(new URL("end-with-parent.ts", import.meta.url));
/** Time to end by itself, in milliseconds. */
const GRACE_MS = 8_000;
const NAME_WIDTH = 10;

export type Colour = "cyan" | "green" | "magenta" | "blue";

export type ChildOptions = {
  name: string;
  colour: Colour;
  cwd: string;
  command: readonly string[];
  env: Record<string, string>;
  /** The process ended without having been told to. */
  onCrash(message: string): void;
};

export type Child = { name: string; restart(): Promise<void>; stop(): Promise<void> };

/** Starts a process whose output is shown with its name in front, one line at a time. */
export function startChild(options: ChildOptions): Child {
  const prefix = styleText(options.colour, options.name.padEnd(NAME_WIDTH));
  const told = new WeakSet<ChildProcess>();
  let running = launch();
  let restarts = Promise.resolve();
  let stopped = false;

  function launch(): ChildProcess {
    const [program = "", ...args] = options.command;
    const child = spawn(program, args, {
      cwd: options.cwd,
      // Its own process group: Ctrl-C reaches the supervisor alone, which then ends everything in order.
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
      if (!told.has(child)) options.onCrash(`${options.name} ended with ${signal ?? code}`);
    });
    return child;
  }

  const endRunning = (): Promise<void> => {
    told.add(running);
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

/** Asks the process itself, which passes it on; whatever of its group is left after the grace is killed. */
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
    // Nobody is left in the group.
  }
}

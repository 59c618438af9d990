import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";

/** How a program ended, and the last it said on standard error. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly errors: string;
}

/** A running program. */
export interface Child {
  readonly process: ChildProcess;
  /** Resolves when it has ended and its output is closed. */
  readonly ended: Promise<Ending>;
}

const KEPT_CHARACTERS = 8_000;

/** Starts a program with this environment and nothing of our own. It is killed when the signal aborts. */
export function start(
  program: string,
  args: readonly string[],
  options: { libraries: string; env: Record<string, string>; stdio: SpawnOptions["stdio"]; signal: AbortSignal },
): Child {
  const child = spawn(program, args, {
    // The programs' own words are parsed.
    env: {
      ...options.env,
      LD_LIBRARY_PATH: options.libraries,
      LC_ALL: "C",
      PATH: "/usr/bin:/bin",
      NODE_ENV: "production",
    },
    stdio: options.stdio ?? "pipe",
    signal: options.signal,
    killSignal: "SIGKILL",
  });
  let errors = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    errors = `${errors}${text}`.slice(-KEPT_CHARACTERS);
  });
  // A program that ends early closes its input under what is written to it. How it ended tells why.
  child.stdin?.on("error", () => {});
  const ended = new Promise<Ending>((resolve) => {
    child.once("error", (error) => resolve({ code: null, signal: null, errors: `${program}: ${error.message}` }));
    child.once("close", (code, signal) => resolve({ code, signal, errors: errors.trim() }));
  });
  return { process: child, ended };
}

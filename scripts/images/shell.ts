import { spawn } from "node:child_process";

export interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
  /** Milliseconds; the program is killed afterwards. Default 20 minutes. */
  timeoutMs?: number;
  /** Show the program's output as it comes instead of keeping it for the error. */
  show?: boolean;
}

/** Runs a program and resolves with its standard output; rejects with its last lines when it fails. */
export function run(program: string, args: string[], options: RunOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ["ignore", options.show ? "inherit" : "pipe", options.show ? "inherit" : "pipe"],
      timeout: options.timeoutMs ?? 20 * 60_000,
    });
    let stdout = "";
    let tail = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      stdout += chunk;
      tail = (tail + chunk).slice(-4000);
    });
    child.stderr?.on("data", (chunk: Buffer) => {
      tail = (tail + chunk).slice(-4000);
    });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`${program} ${args.slice(0, 4).join(" ")} ended with ${signal ?? code}\n${tail}`));
    });
  });
}

/** True when the program can be started at all. */
export async function hasProgram(name: string): Promise<boolean> {
  try {
    await run("sh", ["-c", `command -v ${name}`], { timeoutMs: 5000 });
    return true;
  } catch {
    return false;
  }
}

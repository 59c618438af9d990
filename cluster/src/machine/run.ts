import { spawn } from "node:child_process";
import { pipeline } from "node:stream/promises";

export type RunOptions = {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
  /** Written to its standard input, which is empty otherwise. */
  readonly input?: string | AsyncIterable<Buffer>;
  /** What error messages call it; default: the command and its first arguments. */
  readonly title?: string;
  /** Lines of output kept for the error message. */
  readonly tail?: number;
};

/**
 * Runs a command to its end and returns what it printed.
 * @throws when it can't be started, fails or takes longer than `timeoutMs`: with its last lines
 */
export function run(command: string, args: readonly string[], options: RunOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ["pipe", "pipe", "pipe"],
      timeout: options.timeoutMs,
      killSignal: "SIGKILL",
    });
    child.stdin.on("error", () => undefined); // it may exit without reading everything
    let unreadable: Error | undefined;
    if (typeof options.input === "object") {
      pipeline(options.input, child.stdin).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "EPIPE" && error.code !== "ERR_STREAM_PREMATURE_CLOSE") unreadable = error;
      });
    } else {
      child.stdin.end(options.input ?? "");
    }
    let stdout = "";
    let all = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      all += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      all += text;
    });
    child.once("error", (error) => reject(new Error(`could not start ${command}: ${error.message}`)));
    child.once("close", (code, signal) => {
      // The command's own error does not matter if its input could not be read.
      if (unreadable !== undefined) return reject(unreadable);
      if (code === 0) return resolve(stdout);
      const why =
        signal === "SIGKILL"
          ? `was killed after ${options.timeoutMs / 1000} s`
          : `failed (${signal ?? `exit code ${code}`})`;
      const tail = all
        .trimEnd()
        .split("\n")
        .slice(-(options.tail ?? 12))
        .join("\n");
      reject(new Error(`${options.title ?? `${command} ${args.slice(0, 6).join(" ")}`} ${why}:\n${tail}`));
    });
  });
}

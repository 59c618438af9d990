import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { endWithOwner } from "@taskassistant/kit/testing";

/** A running program that nobody here wrote. */
export interface Program {
  /** The last of what it printed. */
  output(): string;
  signal(name: NodeJS.Signals): void;
  /** Ends it at once. */
  stop(): Promise<void>;
}

/**
 * Starts a program and waits until `url` answers with success. It gets nothing of this process's environment.
 * @throws with its output if it ends before or takes too long
 */
export async function startProgram(
  [command, ...args]: readonly [string, ...string[]],
  options: { cwd: string; env: Record<string, string>; url: string; readyMs: number },
): Promise<Program> {
  const { cwd, env, url, readyMs } = options;
  const child = endWithOwner(spawn(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"], env, detached: true }));
  const output = tailOf(child);
  const program: Program = { output, signal: (name) => void child.kill(name), stop: () => ended(child) };
  try {
    await ready(child, url, { output, readyMs });
  } catch (error) {
    await program.stop();
    throw error;
  }
  return program;
}

async function ready(
  child: ChildProcess,
  url: string,
  { output, readyMs }: { output: () => string; readyMs: number },
): Promise<void> {
  const until = Date.now() + readyMs;
  while (Date.now() < until) {
    if (hasEnded(child)) throw new Error(`${child.spawnfile} ended: ${output()}`);
    const answer = await fetch(url).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await sleep(100);
  }
  throw new Error(`${child.spawnfile} did not become ready: ${output()}`);
}

function tailOf(child: ChildProcess): () => string {
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (piece: string) => {
      text = (text + piece).slice(-20_000);
    });
  }
  child.once("error", ({ message }) => {
    text += message;
  });
  return () => text;
}

function hasEnded({ exitCode, signalCode, pid }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null || pid === undefined;
}

async function ended(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
}

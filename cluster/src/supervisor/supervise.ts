import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { backoffMs } from "../machine/backoff.ts";
import { startTime } from "../machine/processes.ts";
import { probe } from "./probe.ts";
import type { ProcessSpec, ProcessStatus } from "./spec.ts";

export type SuperviseDeps = {
  readonly logs: string;
  readonly env: Readonly<Record<string, string>>;
  /** Words before a command that runs inside the node's namespaces. */
  readonly insidePrefix: readonly string[];
  readonly isReady: (name: string) => boolean;
  readonly onChange: () => void;
};

export type Supervised = { status(): ProcessStatus; stop(): void };

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 10_000;
/** A process that ran this long restarts with the short delay. */
const SETTLED_MS = 30_000;
const PROBE_EVERY_MS = 100;

/** Keeps one process running until `stop()`. Restarts it with growing delays and appends its output to its log. */
export function supervise(spec: ProcessSpec, deps: SuperviseDeps): Supervised {
  let child: ChildProcess | undefined;
  let current: ProcessStatus = { ready: false, starts: 0 };
  let stopped = false;

  const set = (change: Partial<ProcessStatus>) => {
    current = { ...current, ...change };
    deps.onChange();
  };

  async function watchReadiness(of: ChildProcess): Promise<void> {
    while (!stopped && child === of && of.exitCode === null && of.signalCode === null) {
      if (spec.ready === undefined || (await probe(spec.ready))) {
        if (child === of) set({ ready: true });
        return;
      }
      await sleep(PROBE_EVERY_MS);
    }
  }

  /** Runs the process once and resolves with the way it ended. */
  function runOnce(): Promise<string> {
    mkdirSync(deps.logs, { recursive: true });
    const log = openSync(join(deps.logs, `${spec.name}.log`), "a");
    const words = [...(spec.inside === true ? deps.insidePrefix : []), spec.command, ...spec.args];
    writeSync(log, `--- ${new Date().toISOString()} start ${current.starts + 1}: ${words.join(" ")}\n`);
    return new Promise((resolve) => {
      const [command = "", ...args] = words;
      // In its own session, so that Ctrl-C in the terminal of `up` does not reach it.
      const started = spawn(command, args, {
        stdio: ["ignore", log, log],
        detached: true,
        env: { ...deps.env, ...spec.env },
      });
      closeSync(log);
      child = started;
      started.once("error", (error) => resolve(`could not be started: ${error.message}`));
      started.once("exit", (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
      const pid = started.pid;
      if (pid !== undefined) set({ pid, started: startTime(pid) ?? "", ready: false, starts: current.starts + 1 });
      else set({ starts: current.starts + 1 });
      void watchReadiness(started);
    });
  }

  async function keepRunning(): Promise<void> {
    while (!stopped && !(spec.after ?? []).every(deps.isReady)) await sleep(50);
    let quickEnds = 0;
    while (!stopped) {
      const since = Date.now();
      const lastExit = await runOnce();
      const { pid: _pid, started: _started, ...rest } = current;
      current = { ...rest, ready: false, lastExit };
      deps.onChange();
      if (stopped) return;
      quickEnds = Date.now() - since > SETTLED_MS ? 0 : quickEnds + 1;
      await sleep(backoffMs(quickEnds, { firstMs: FIRST_DELAY_MS, maxMs: LONGEST_DELAY_MS }));
    }
  }

  void keepRunning();
  return {
    status: () => current,
    stop() {
      stopped = true;
      child?.kill("SIGTERM");
    },
  };
}

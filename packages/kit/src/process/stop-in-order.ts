import type { Logger } from "./logger.ts";

export type StopStep = () => Promise<void> | void;

export interface StopDeps {
  readonly log: Logger;
  /** Seconds from the signal until the process ends at the latest. */
  readonly graceSeconds: number;
  /** What is stopped, in this order: become unready, drain the listeners, close the pools. */
  readonly stop: readonly StopStep[];
}

/**
 * Waits for SIGTERM or SIGINT, then runs the stop steps one after the other and ends the process with 0. A step that throws
 * is logged and does not stop the next one. After `graceSeconds` or on a second signal, the process ends with 1 at once.
 * Never returns.
 */
export async function stopInOrder({ log, graceSeconds, stop }: StopDeps): Promise<never> {
  const signal = await firstSignal(log);
  log.info({ signal }, "stopping");
  setTimeout(() => {
    log.error({ grace_seconds: graceSeconds }, "grace period over: ending with work unfinished");
    process.exit(1);
  }, graceSeconds * 1000).unref();

  for (const step of stop) {
    try {
      await step();
    } catch (error) {
      log.error({ err: error }, "a stop step failed");
    }
  }
  log.info("stopped");
  process.exit(0);
}

/** `stopInOrder` for a program of our own: an uncaught error also ends the process with 1 at once. Never returns. */
export async function runUntilSignal(deps: StopDeps): Promise<never> {
  const abort = (reason: string) => (error: unknown) => {
    deps.log.fatal({ err: error }, reason);
    process.exit(1);
  };
  process.on("uncaughtException", abort("uncaught exception"));
  process.on("unhandledRejection", abort("unhandled rejection"));
  return stopInOrder(deps);
}

function firstSignal(log: Logger): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let stopping = false;
    // One listener handles every signal of a kind. Between two one-time listeners a signal would end the process at once.
    for (const name of ["SIGTERM", "SIGINT"] as const) {
      process.on(name, () => {
        if (stopping) {
          log.warn({ signal: name }, "second signal: ending at once");
          process.exit(1);
        }
        stopping = true;
        resolve(name);
      });
    }
  });
}

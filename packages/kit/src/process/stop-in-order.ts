import { EnvError } from "./env.ts";
import type { Logger } from "./logger.ts";

export type StopStep = () => Promise<void> | void;

/**
 * Waits for SIGTERM or SIGINT, then runs the stop steps one after the other (unready, drain, pools) and ends the
 * process with 0; a step that throws is logged and does not stop the next one. After `graceSeconds`, on a
 * second signal, or on an uncaught error, the process ends with 1 at once. Never returns.
 */
export async function runUntilSignal(deps: { log: Logger; graceSeconds: number; stop: StopStep[] }): Promise<never> {
  const { log } = deps;
  const abort = (reason: string) => (error: unknown) => {
    log.fatal({ err: error }, reason);
    process.exit(1);
  };
  process.on("uncaughtException", abort("uncaught exception"));
  process.on("unhandledRejection", abort("unhandled rejection"));

  const signal = await new Promise<NodeJS.Signals>((resolve) => {
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
  log.info({ signal }, "stopping");
  setTimeout(() => {
    log.error({ grace_seconds: deps.graceSeconds }, "grace period over: ending with work unfinished");
    process.exit(1);
  }, deps.graceSeconds * 1000).unref();

  for (const step of deps.stop) {
    try {
      await step();
    } catch (error) {
      log.error({ err: error }, "a stop step failed");
    }
  }
  log.info("stopped");
  process.exit(0);
}

/**
 * The frame of a `main.ts`: runs it and, when it can't start, says why on standard error and ends with 1. A wrong
 * environment is listed without a stack.
 */
export async function runMain(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    process.stderr.write(`${error instanceof EnvError ? error.message : describe(error)}\n`);
    process.exit(1);
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

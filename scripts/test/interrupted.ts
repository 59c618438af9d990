import { constants } from "node:os";
import type { Commands } from "./commands.ts";
import { type Counts, details, summary } from "./report.ts";

type Interrupt = "SIGINT" | "SIGTERM" | "SIGHUP";

/** Lets the running command clean up when a signal arrives. @returns the first signal so far */
export function watchInterrupts(what: string, commands: Commands): () => Interrupt | undefined {
  let by: Interrupt | undefined;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (by === undefined) console.error(`\n${what}: ${signal}, cleaning up`);
      by ??= signal;
      void commands.interrupt();
    });
  }
  return () => by;
}

/** Prints what failed and the counts last, and sets the exit code. An interrupted run counts as failed. */
export function finish(total: Counts, interruptedBy: Interrupt | undefined): string {
  if (interruptedBy !== undefined) total.failed.push(`the run was interrupted by ${interruptedBy}`);
  console.log(["", ...details(total), "", summary(total)].join("\n"));
  if (interruptedBy !== undefined) process.exitCode = 128 + constants.signals[interruptedBy];
  else process.exitCode = total.failed.length > 0 || total.passed === 0 ? 1 : 0;
  return summary(total);
}

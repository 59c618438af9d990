import type { Commands } from "./commands.ts";

/** A signal that ends a run. */
export type Interrupt = "SIGINT" | "SIGTERM" | "SIGHUP";

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

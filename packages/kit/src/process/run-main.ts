import { EnvError } from "./env.ts";

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

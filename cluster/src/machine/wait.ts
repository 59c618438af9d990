import { setTimeout as sleep } from "node:timers/promises";

/** Waits for the promise, but no longer than so many milliseconds. The wait alone does not keep the process running. */
export async function waitAtMost(promise: Promise<unknown>, ms: number): Promise<void> {
  await Promise.race([promise, sleep(ms, undefined, { ref: false })]);
}

import { expect, it, vi } from "vitest";
import { systemClock, waitAtMost } from "./clock.ts";

const never = new Promise<void>(() => {});

it("waits for the work and leaves no timer behind", async () => {
  vi.useFakeTimers();
  try {
    await waitAtMost(systemClock(), 60_000, Promise.resolve());
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

it("passes an error of the work on", async () => {
  await expect(waitAtMost(systemClock(), 60_000, Promise.reject(new Error("broken")))).rejects.toThrow("broken");
});

it("stops waiting without an error when the time has passed", async () => {
  expect(await waitAtMost(systemClock(), 5, never)).toBeUndefined();
});

it("stops waiting without an error when the signal aborts", async () => {
  const abort = new AbortController();
  const waiting = waitAtMost(systemClock(), 60_000, never, abort.signal);
  abort.abort();
  expect(await waiting).toBeUndefined();
});

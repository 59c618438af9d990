import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { withDeadline } from "./deadline.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const late = () => new Error("too late");

it("gives the promise's value and leaves no timer behind", async () => {
  expect(await withDeadline(Promise.resolve(7), 1_000, late)).toBe(7);
  expect(vi.getTimerCount()).toBe(0);
});

it("passes the promise's own error on and leaves no timer behind", async () => {
  await expect(withDeadline(Promise.reject(new Error("broken")), 1_000, late)).rejects.toThrow("broken");
  expect(vi.getTimerCount()).toBe(0);
});

it("rejects once the time has passed", async () => {
  const waiting = expect(withDeadline(new Promise(() => {}), 1_000, late)).rejects.toThrow("too late");
  await vi.advanceTimersByTimeAsync(1_000);
  await waiting;
});

it("ignores an error of the promise after the deadline", async () => {
  const work = Promise.withResolvers<void>();
  const waiting = expect(withDeadline(work.promise, 1_000, late)).rejects.toThrow("too late");
  await vi.advanceTimersByTimeAsync(1_000);
  await waiting;
  work.reject(new Error("broken"));
  await vi.advanceTimersByTimeAsync(0);
});

import { expect, it } from "vitest";
import { backoffMs } from "./backoff.ts";

const pauses = { firstMs: 200, maxMs: 1_000 };

it("doubles the pause with each attempt up to the maximum", () => {
  expect([0, 1, 2, 3, 4].map((attempt) => backoffMs(attempt, pauses))).toEqual([200, 400, 800, 1_000, 1_000]);
});

it("stays at the maximum however many attempts have failed", () => {
  expect(backoffMs(5_000, pauses)).toBe(1_000);
});

it("is shortened by the jitter, by a quarter at the most", () => {
  expect(backoffMs(1, { ...pauses, jitter: () => 0.5 })).toBe(350);
  expect(backoffMs(1, { ...pauses, jitter: () => 1 })).toBe(300);
  expect(backoffMs(9, { ...pauses, jitter: () => 1 })).toBe(750);
});

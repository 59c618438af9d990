import { expect, it } from "vitest";
import { backoffMs } from "./backoff.ts";

it("doubles the pause with each failure up to the maximum", () => {
  const pauses = { firstMs: 200, maxMs: 1_000 };
  expect([0, 1, 2, 3, 5_000].map((failures) => backoffMs(failures, pauses))).toEqual([200, 400, 800, 1_000, 1_000]);
});

import { expect, it } from "vitest";
import { measureLoopLag } from "./loop-lag.ts";

it("notices a blocked event loop while it is blocked, not only afterwards", async () => {
  const lag = measureLoopLag(20);
  const end = performance.now() + 200;
  while (performance.now() < end);
  expect(lag.lastMs()).toBeGreaterThan(100);
  lag.stop();
});

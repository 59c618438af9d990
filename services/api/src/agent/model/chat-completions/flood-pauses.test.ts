import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { createFloodPauses } from "./flood-pauses.ts";

const TURNS = 20;

test("callers take turns, and between two of them everything else has several rounds of the event loop", async () => {
  const pauses = createFloodPauses();
  const order: string[] = [];
  let rounds = 0;
  let working = true;
  const work = async (name: string) => {
    for (let count = 0; count < TURNS; count++) {
      await pauses.next();
      order.push(name);
    }
  };
  const bystander = async () => {
    for (; working; rounds++) await setImmediate();
  };
  const watched = bystander();
  await Promise.all([work("a"), work("b")]);
  working = false;
  await watched;
  expect(order.join("")).toBe("ab".repeat(TURNS));
  expect(rounds).toBeGreaterThan(2 * order.length);
});

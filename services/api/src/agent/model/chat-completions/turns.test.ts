import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { createTurns } from "./turns.ts";

test("callers take turns, and each round of the event loop serves one of them", async () => {
  const turns = createTurns();
  const order: string[] = [];
  const work = async (name: string) => {
    for (let count = 1; count <= 3; count++) {
      await turns.next();
      order.push(`${name}${count}`);
    }
  };
  const bystander = async () => {
    for (let count = 1; count <= 3; count++) {
      await setImmediate();
      order.push("other");
    }
  };
  await Promise.all([work("a"), work("b"), bystander()]);
  expect(order.filter((entry) => entry !== "other")).toEqual(["a1", "b1", "a2", "b2", "a3", "b3"]);
  // The bystander waited for one slice each time, not for those of both.
  const places = order.flatMap((entry, at) => (entry === "other" ? [at] : []));
  for (const [at, place] of places.entries()) expect(place).toBeLessThanOrEqual(2 * at + 1);
});

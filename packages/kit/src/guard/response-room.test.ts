import { expect, it } from "vitest";
import { createBudget } from "./budget.ts";
import { createResponseRoom } from "./response-room.ts";

const budget = () => createBudget({ bytes: 1_000_000, bytesPerOwner: 400_000, holdMs: 60_000 });
const INIT = { headers: { "content-type": "text/plain" } };

it("keeps the room of a response until it has been read", async () => {
  const shared = budget();
  const room = createResponseRoom(shared, "anna");
  expect([room.take(300_000), shared.taken()]).toEqual([true, 300_000]);
  const response = room.respond("x".repeat(250_000), INIT);
  expect(shared.taken()).toBe(250_000);
  expect((await response?.text())?.length).toBe(250_000);
  expect(shared.taken()).toBe(0);
});

it("is refused before the response is made, and others still find room", () => {
  const shared = budget();
  createResponseRoom(shared, "anna").take(300_000);
  const room = createResponseRoom(shared, "anna");
  expect(room.take(300_000)).toBe(false);
  expect(room.respond("a sentence instead", INIT)).toBeUndefined();
  expect(createResponseRoom(shared, "ben").take(300_000)).toBe(true);
});

it("gives back what was taken for a response that was not made", () => {
  const shared = budget();
  const room = createResponseRoom(shared, "anna");
  room.take(300_000);
  room.release();
  room.release();
  expect(shared.taken()).toBe(0);
});

it("counts no small response", () => {
  const shared = budget();
  const room = createResponseRoom(shared, "anna");
  expect([room.take(10_000), room.respond("small", INIT)?.status, shared.taken()]).toEqual([true, 200, 0]);
});

import { expect, it } from "vitest";
import { createBudget } from "./budget.ts";
import { heldBody } from "./held-body.ts";

const bytes = (size: number) => new Uint8Array(size).fill(120);

function budget(bytesPerOwner = 1_000_000) {
  const clock = { ms: 0 };
  return { clock, shared: createBudget({ bytes: 1_000_000, bytesPerOwner, holdMs: 1_000, now: () => clock.ms }) };
}

it("counts until all of it has been read", async () => {
  const { shared } = budget();
  const body = heldBody(shared, "anna", bytes(300_000));
  const reader = body!.getReader();
  let read = 0;
  while (read < 300_000) {
    expect(shared.taken()).toBe(300_000);
    read += (await reader.read()).value!.byteLength;
  }
  expect((await reader.read()).done).toBe(true);
  expect(shared.taken()).toBe(0);
});

it("counts no longer when its reader leaves", async () => {
  const { shared } = budget();
  const body = heldBody(shared, "anna", bytes(300_000));
  await body!.cancel();
  expect(shared.taken()).toBe(0);
});

it("is refused beyond a user's share, and an old one of the same user breaks off for it a little later", async () => {
  const { shared, clock } = budget(400_000);
  const old = heldBody(shared, "anna", bytes(300_000))!.getReader();
  await old.read();
  expect(heldBody(shared, "anna", bytes(300_000))).toBeUndefined();
  expect(heldBody(shared, "ben", bytes(300_000))).toBeDefined();
  clock.ms += 1_001;
  expect(heldBody(shared, "anna", bytes(300_000))).toBeDefined();
  await expect(old.read()).rejects.toThrow("too slow");
});

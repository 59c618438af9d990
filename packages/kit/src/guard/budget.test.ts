import { expect, it } from "vitest";
import { createBudget } from "./budget.ts";

function budget(limits: { bytes: number; bytesPerOwner?: number }) {
  const clock = { ms: 0 };
  const gone: string[] = [];
  const shared = createBudget({ ...limits, holdMs: 1_000, now: () => clock.ms });
  const take = (owner: string, bytes: number) => shared.take(owner, bytes, () => gone.push(owner));
  return { clock, gone, shared, take };
}

it("gives out no more than there is, and again what was given back", () => {
  const { take, shared } = budget({ bytes: 100 });
  const first = take("anna", 60);
  expect(take("ben", 60)).toBeUndefined();
  first?.();
  first?.();
  expect(shared.taken()).toBe(0);
  expect(take("ben", 60)).toBeDefined();
});

it("lets those who hold for longest give way, and no more of them than needed", () => {
  const { take, gone, clock } = budget({ bytes: 100 });
  for (const owner of ["anna", "ben"]) {
    take(owner, 40);
    clock.ms += 100;
  }
  expect(take("carl", 40)).toBeUndefined();
  clock.ms += 1_000;
  expect(take("carl", 40)).toBeDefined();
  expect(gone).toEqual(["anna"]);
});

it("gives one owner no more than a share, at whose limit only the owner's own holdings give way", () => {
  const { take, gone, clock } = budget({ bytes: 100, bytesPerOwner: 50 });
  take("ben", 40);
  take("anna", 40);
  expect(take("anna", 20)).toBeUndefined();
  clock.ms += 1_001;
  expect(take("anna", 20)).toBeDefined();
  expect(gone).toEqual(["anna"]);
});

it("refuses at once what is larger than everything there is", () => {
  const { take } = budget({ bytes: 100 });
  expect(take("anna", 101)).toBeUndefined();
});

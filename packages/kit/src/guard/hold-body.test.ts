import { expect, it } from "vitest";
import { createHoldBody } from "./hold-body.ts";

const announcing = (bytes: number) => new Headers({ "content-length": String(bytes) });

it("gives one user no more than a share, and a place again when one is given back", () => {
  const holdBody = createHoldBody({ bytes: 100_000, bytesPerUser: 50_000 });
  const first = holdBody("anna", announcing(40_000), 50_000);
  expect(holdBody("anna", announcing(40_000), 50_000)).toBeUndefined();
  expect(holdBody("ben", announcing(40_000), 50_000)).toBeDefined();
  first?.giveBack();
  expect(holdBody("anna", announcing(40_000), 50_000)).toBeDefined();
});

it("counts a body of unknown length as the largest, a longer one as no more, and a small one not at all", () => {
  const holdBody = createHoldBody({ bytes: 100_000, bytesPerUser: 100_000 });
  expect(holdBody("anna", new Headers(), 50_000)).toBeDefined();
  expect(holdBody("anna", announcing(90_000), 50_000)).toBeDefined();
  expect(holdBody("anna", announcing(5_000), 50_000)).toBeUndefined();
  expect(holdBody("anna", announcing(4_000), 50_000)).toBeDefined();
});

import { expect, it } from "vitest";
import { createRateLimit } from "./rate-limit.ts";

it("lets a user have as many requests as a minute holds, then the next one when it is earned", () => {
  let time = 0;
  const limit = createRateLimit(6, () => time);
  const allowed = (count: number) =>
    Array.from({ length: count }, () => limit("ana")).filter((answer) => !answer).length;
  expect(allowed(10)).toBe(6);
  expect(limit("ana")).toBe(10);
  time += 9_999;
  expect(allowed(1)).toBe(0);
  time += 1;
  expect(allowed(5)).toBe(1);
  time += 3_600_000;
  expect(allowed(10)).toBe(6);
});

it("counts each user alone", () => {
  const limit = createRateLimit(1, () => 0);
  expect(limit("ana")).toBeUndefined();
  expect(limit("ana")).toBe(60);
  expect(limit("ben")).toBeUndefined();
});

it("0 is no limit", () => {
  const limit = createRateLimit(0, () => 0);
  expect(Array.from({ length: 1_000 }, () => limit("ana")).every((wait) => wait === undefined)).toBe(true);
});

it("remembers the users that came last, not all", () => {
  const limit = createRateLimit(1, () => 0);
  limit("first");
  for (let index = 0; index < 10_000; index += 1) limit(`user ${index}`);
  expect(limit("user 9999")).toBe(60);
  expect(limit("first")).toBeUndefined();
});

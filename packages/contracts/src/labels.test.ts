import { expect, test } from "vitest";
import { labelNameSchema } from "./labels.ts";

test.each([
  ["Work", "Work"],
  ["  two \n words ", "two words"],
  ["#work", "work"],
  ["@ calls", "calls"],
  ["###x", "x"],
  ["# @x", "x"],
  ["c#", "c#"],
])("the name %j is stored as %j, and again as that", (typed, stored) => {
  expect(labelNameSchema.parse(typed)).toBe(stored);
  expect(labelNameSchema.parse(stored)).toBe(stored);
});

test.each([
  ["", "is empty"],
  ["#", "is empty"],
  ["a,b", "has no comma"],
  ["x".repeat(200), "longer than"],
])("the name %j is refused, since it %s", (typed, why) => {
  expect(labelNameSchema.safeParse(typed).error?.issues[0]?.message).toContain(why);
});

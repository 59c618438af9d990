import { expect, it } from "vitest";
import { randomValue } from "./random-value.ts";

const many = (kind: "password" | "instanceId") => Array.from({ length: 500 }, () => randomValue(kind));

it("a password is 40 letters and digits, never the same twice, and uses them all", () => {
  const drawn = many("password");
  expect(drawn.filter((text) => !/^[A-Za-z0-9]{40}$/.test(text))).toEqual([]);
  expect(new Set(drawn).size).toBe(drawn.length);
  expect(new Set(drawn.join("")).size).toBe(62);
});

it("an instance id is 8 lower-case hexadecimal digits, as the migration demands", () => {
  expect(many("instanceId").filter((text) => !/^[0-9a-f]{8}$/.test(text))).toEqual([]);
});

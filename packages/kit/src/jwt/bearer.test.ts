import { expect, it } from "vitest";
import { bearerToken } from "./bearer.ts";

it.each([
  ["Bearer abc.def-_~+/=", "abc.def-_~+/="],
  ["bearer abc", "abc"],
  ["BEARER   abc", "abc"],
])("takes the token out of %j", (header, token) => {
  expect(bearerToken(header)).toBe(token);
});

it.each([
  null,
  undefined,
  "",
  "Bearer",
  "Bearer ",
  "Basic abc",
  "abc",
  "Bearer abc, Bearer def",
  "Bearer abc def",
  "Bearer abc\n",
  " Bearer abc",
  `Bearer ${"a".repeat(9000)}`,
])("finds no token in %j", (header) => {
  expect(bearerToken(header)).toBeUndefined();
});

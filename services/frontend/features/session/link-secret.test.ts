import { expect, test } from "vitest";
import { linkSecret } from "./link-secret.ts";

test.each(["#abc_-9", "#abc_-9.", "#abc_-9)", "#abc_-9%20", "#abc_-9&utm_source=chat", "#abc_-9%E2%80%A6"])(
  "the secret in %s is found",
  (hash) => {
    expect(linkSecret(hash)).toBe("abc_-9");
  },
);

test.each(["", "#", "#.", "abc"])("there is no secret in %j", (hash) => {
  expect(linkSecret(hash)).toBe("");
});

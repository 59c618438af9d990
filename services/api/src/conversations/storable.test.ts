import { expect, test } from "vitest";
import { storable } from "./storable.ts";

test("what PostgreSQL can't hold is replaced in values and in names, at any depth", () => {
  const given = { "a\0b": ["\0", { "\ud800": "\udc00x" }], kept: "é🦊", none: null, number: 1 };
  expect(storable(given)).toEqual({
    "a\ufffdb": ["\ufffd", { "\ufffd": "\ufffdx" }],
    kept: "é🦊",
    none: null,
    number: 1,
  });
});

import { expect, test } from "vitest";
import { migrationChain } from "./migrations.ts";

test("the migration chain lists the steps in numerical order", () => {
  const chain = migrationChain(["0002-b.ts", "0001-a.ts", "0001-a.test.ts"]);
  expect(chain.match(/"\d{4}-\w": step\d{4}/g)).toEqual(['"0001-a": step0001', '"0002-b": step0002']);
});

test.each([[["0001-a.ts", "0003-c.ts"]], [["0001-a.ts", "0001-b.ts"]]])(
  "the migration chain rejects a missing or duplicate number in %j",
  (files) => {
    expect(() => migrationChain(files)).toThrow("must be 0002-NAME");
  },
);

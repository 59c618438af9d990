import { expect, test } from "vitest";
import { PASTE_MAX, pastedLines } from "./pasted-lines.ts";

test.each([
  ["milk\neggs\nbread", ["milk", "eggs", "bread"]],
  ["- milk\r\n- eggs", ["milk", "eggs"]],
  ["1. milk\n2) eggs\n\n", ["milk", "eggs"]],
  ["- [ ] milk\n- [x] eggs", ["milk", "eggs"]],
  ["  • milk tomorrow\n\t• eggs", ["milk tomorrow", "eggs"]],
  ["-5 degrees\n3 apples", ["-5 degrees", "3 apples"]],
])("%j becomes a task for each line", (text, lines) => {
  expect(pastedLines(text)).toEqual(lines);
});

test.each(["milk", "milk\n", "\n\n", ""])("%j is text for the field", (text) => {
  expect(pastedLines(text)).toEqual([]);
});

test("a pasted novel becomes a bounded number of tasks", () => {
  expect(pastedLines("line\n".repeat(5_000))).toHaveLength(PASTE_MAX);
});

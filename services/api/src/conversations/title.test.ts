import { expect, test } from "vitest";
import { titleOf } from "./title.ts";

test.each([
  ["add buy milk", "add buy milk"],
  ["  several\n\nlines\tand   blanks ", "several lines and blanks"],
  [
    "Please remind me that I have to bring the blue suitcase to the attic",
    "Please remind me that I have to bring the blue suitcase to…",
  ],
  ["x".repeat(80), `${"x".repeat(60)}…`],
  [`${"🍎".repeat(59)} and more`, `${"🍎".repeat(59)}…`],
  [`${"word ".repeat(11)}end, and then some`, `${"word ".repeat(11)}end…`],
])("the first message %j gives the title %j", (message, title) => {
  expect(titleOf(message)).toBe(title);
});

import { expect, test } from "vitest";
import { formatDue, formatLongDate } from "./format-date.ts";

test.each([
  ["2026-11-22", "Today"],
  ["2026-11-23", "Tomorrow"],
  ["2026-11-21", "Yesterday"],
  ["2026-11-27", "Fri"],
  ["2026-11-29", "29 Nov"],
  ["2026-11-18", "18 Nov"],
  ["2027-01-03", "3 Jan 2027"],
])("on Sunday 22 November 2026 a task due on %s shows the date as %s", (due, label) => {
  expect(formatDue(due, "2026-11-22")).toBe(label);
});

test("the long date is written in the locale of the page", () => {
  expect(formatLongDate("2026-11-22", "en-US")).toBe("Sunday, November 22");
});

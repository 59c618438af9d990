import { expect, test } from "vitest";
import { formatDue, formatLongDate, pageLocale } from "./format.ts";
import { addDays, calendarDate, daysBetween, localDateOf } from "./local-date.ts";

test("a day is counted in the zone, not in UTC", () => {
  const lateEvening = new Date("2026-11-22T23:30:00Z");
  expect(localDateOf(lateEvening, "Europe/Berlin")).toBe("2026-11-23");
  expect(localDateOf(lateEvening, "America/New_York")).toBe("2026-11-22");
});

test("adding days crosses months and the change to daylight saving", () => {
  expect(addDays("2026-03-28", 2)).toBe("2026-03-30");
  expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
  expect(daysBetween("2026-03-28", "2026-03-30")).toBe(2);
});

test("days that do not exist are refused", () => {
  expect(calendarDate(2026, 2, 30)).toBeNull();
  expect(calendarDate(2028, 2, 29)).toBe("2028-02-29");
});

test.each([
  ["2026-11-22", "Today"],
  ["2026-11-23", "Tomorrow"],
  ["2026-11-21", "Yesterday"],
  ["2026-11-27", "Fri"],
  ["2026-11-29", "29 Nov"],
  ["2026-11-18", "18 Nov"],
  ["2027-01-03", "3 Jan 2027"],
])("%s reads %s", (due, label) => {
  expect(formatDue(due, "2026-11-22")).toBe(label);
});

test("dates follow the English the browser asks for", () => {
  expect(pageLocale(["de-DE", "en-US"])).toBe("en-US");
  expect(pageLocale(["de-DE"])).toBe("en-GB");
  expect(formatLongDate("2026-11-22", "en-US")).toBe("Sunday, November 22");
});

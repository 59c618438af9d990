import { expect, it } from "vitest";
import { calendarOf } from "./calendar.ts";

it.each([
  ["Pacific/Kiritimati", "2026-11-27"],
  ["Asia/Tokyo", "2026-11-26"],
  ["Pacific/Pago_Pago", "2026-11-25"],
])("in %s the day is the zone's own", (zone, today) => {
  expect(calendarOf(new Date("2026-11-26T10:30:00Z"), zone).today).toBe(today);
});

const thursday = calendarOf(new Date("2026-11-26T10:30:00Z"), "Europe/Berlin");

it("gives one day for a weekday, and also today on such a day", () => {
  expect(thursday.weekday("monday")).toEqual(["2026-11-30"]);
  expect(thursday.weekday("thursday")).toEqual(["2026-11-26", "2026-12-03"]);
});

it("gives the next day of a month that has it, and also today on such a day", () => {
  expect(thursday.dayOfMonth(1)).toEqual(["2026-12-01"]);
  expect(thursday.dayOfMonth(26)).toEqual(["2026-11-26", "2026-12-26"]);
  expect(thursday.dayOfMonth(31)).toEqual(["2026-12-31"]);
});

it("gives the next date of a year, today included, and the month's last day", () => {
  expect(thursday.date(3, 3)).toBe("2027-03-03");
  expect(thursday.date(11, 26)).toBe("2026-11-26");
  expect(thursday.in(-26)).toBe("2026-10-31");
  expect(thursday.endOfMonth()).toBe("2026-11-30");
  expect(calendarOf(new Date("2028-02-01T12:00:00Z"), "UTC").endOfMonth()).toBe("2028-02-29");
});

import { describe, expect, test } from "vitest";
import {
  addDays,
  addMonths,
  calendarDate,
  daysBetween,
  daysInMonth,
  endOfWeek,
  formatLocalDate,
  localDateIn,
  MONTH_NAMES,
  nextWeekday,
  partsOf,
  startOfDay,
  WEEKDAY_NAMES,
  weekdayOf,
} from "./index.ts";

/** The ends of months, years, centuries and of the calendar, and days when clocks change somewhere. */
const NOTABLE = [
  "0001-01-01",
  "0099-12-31",
  "1900-02-28",
  "1969-12-31",
  "1970-01-01",
  "2000-02-29",
  "2024-02-29",
  "2026-03-29",
  "2026-10-25",
  "2026-12-31",
  "2100-02-28",
  "9999-12-31",
];

/** The same numbers for the same seed, so that a failure can be repeated (mulberry32). */
function* pseudoRandom(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    yield ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}

/** Existing dates all over the calendar, the notable ones first. */
function sampleDates(count = 500): string[] {
  const numbers = pseudoRandom(Number(process.env.SEED ?? 7));
  const below = (limit: number) => Math.floor((numbers.next().value ?? 0) * limit);
  const made = Array.from({ length: count }, () => {
    const [year, month] = [1 + below(9_999), 1 + below(12)];
    return calendarDate(year, month, 1 + below(daysInMonth(year, month))) ?? "unreachable";
  });
  return [...NOTABLE, ...made];
}

/** Steps that stay inside the calendar from nearly everywhere. */
const STEPS = [-366, -31, -7, -1, 0, 1, 6, 7, 28, 29, 30, 31, 365, 366, 1_461];

const within = (date: string, days: number) => {
  const { year } = partsOf(date);
  return year + days / 365 > 6 && year + days / 365 < 9_990;
};

describe("arithmetic with days", () => {
  test("adding days and counting the days between are each other's inverse", () => {
    for (const date of sampleDates()) {
      for (const days of STEPS.filter((step) => within(date, step))) {
        const later = addDays(date, days);
        expect(daysBetween(date, later), `${date} + ${days}`).toBe(days);
        expect(addDays(later, -days), `${date} + ${days}`).toBe(date);
        expect(later > date, `${date} + ${days} compares as text`).toBe(days > 0);
      }
    }
  });

  test("each day is followed by the next weekday", () => {
    for (const date of sampleDates().filter((candidate) => candidate !== "9999-12-31")) {
      expect(weekdayOf(addDays(date, 1)), date).toBe((weekdayOf(date) + 1) % 7);
    }
  });

  test("adding days crosses months, years, leap days and clock changes", () => {
    expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
    expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
    expect(addDays("2026-03-28", 2)).toBe("2026-03-30");
    expect(addDays("0099-12-31", 1)).toBe("0100-01-01");
    expect(daysBetween("2026-03-28", "2026-03-30")).toBe(2);
  });

  test("a day outside the calendar is refused, never written in another form", () => {
    expect(() => addDays("9999-12-31", 1)).toThrow(RangeError);
    expect(() => addDays("0001-01-01", -1)).toThrow(RangeError);
    expect(() => addMonths("9999-12-01", 1)).toThrow(RangeError);
    expect(() => addDays("2026-02-30x", 1)).toThrow(RangeError);
  });
});

describe("arithmetic with months", () => {
  test("the day of the month stays, or becomes the last one of a shorter month", () => {
    for (const date of sampleDates()) {
      for (const months of [-25, -12, -1, 1, 2, 11, 12, 13].filter((step) => within(date, step * 31))) {
        const from = partsOf(date);
        const to = partsOf(addMonths(date, months));
        expect(to.year * 12 + to.month, `${date} + ${months} months`).toBe(from.year * 12 + from.month + months);
        expect(to.day, `${date} + ${months} months`).toBe(Math.min(from.day, daysInMonth(to.year, to.month)));
      }
    }
  });

  test("months are counted over the ends of years", () => {
    expect(addMonths("2027-01-31", 1)).toBe("2027-02-28");
    expect(addMonths("2026-11-30", 2)).toBe("2027-01-30");
    expect(addMonths("2026-01-15", -1)).toBe("2025-12-15");
  });
});

describe("the calendar", () => {
  test("every date is made of its own numbers", () => {
    for (const date of sampleDates()) {
      const { year, month, day } = partsOf(date);
      expect(calendarDate(year, month, day)).toBe(date);
      expect(new Date(`${date}T00:00:00Z`).toISOString()).toBe(`${date}T00:00:00.000Z`);
    }
  });

  test.each([
    [2026, 2, 30],
    [1900, 2, 29],
    [2026, 4, 31],
    [2026, 13, 1],
    [2026, 0, 1],
    [2026, 1, 0],
    [0, 1, 1],
    [10_000, 1, 1],
    [Number.NaN, 1, 1],
  ])("%d-%d-%d is not a day", (year, month, day) => {
    expect(calendarDate(year, month, day)).toBeNull();
  });

  test("a week ends on the Sunday that is not before the day", () => {
    expect(endOfWeek("2026-11-25")).toBe("2026-11-29");
    expect(endOfWeek("2026-11-29")).toBe("2026-11-29");
    expect(endOfWeek("2026-11-30")).toBe("2026-12-06");
    for (const date of sampleDates().filter((candidate) => within(candidate, 7))) {
      expect(weekdayOf(endOfWeek(date)), date).toBe(0);
      expect(daysBetween(date, endOfWeek(date)), date).toBeLessThan(7);
    }
  });

  test("the next weekday is one to seven days away", () => {
    for (const date of sampleDates().filter((candidate) => within(candidate, 7))) {
      for (let weekday = 0; weekday < 7; weekday += 1) {
        const next = nextWeekday(weekday, date);
        expect(weekdayOf(next), date).toBe(weekday);
        expect(daysBetween(date, next), date).toBeGreaterThan(0);
        expect(daysBetween(date, next), date).toBeLessThanOrEqual(7);
      }
    }
  });
});

describe("time zones", () => {
  test("the day of an instant is counted in the zone, not in UTC", () => {
    const lateEvening = new Date("2026-11-22T23:30:00Z");
    expect(localDateIn(lateEvening, "Europe/Berlin")).toBe("2026-11-23");
    expect(localDateIn(lateEvening, "America/New_York")).toBe("2026-11-22");
    expect(localDateIn(lateEvening, "Pacific/Kiritimati")).toBe("2026-11-23");
    expect(localDateIn(lateEvening, "UTC")).toBe("2026-11-22");
  });

  test("without a zone the day is the one the process's clock shows", () => {
    const now = new Date("2026-11-22T12:00:00Z");
    expect(localDateIn(now)).toBe(localDateIn(startOfDay(now)));
    expect(startOfDay(now).getTime()).toBeLessThanOrEqual(now.getTime());
    expect(localDateIn(new Date(startOfDay(now).getTime() - 1))).toBe(addDays(localDateIn(now), -1));
  });
});

test("the English names agree with what the platform writes", () => {
  for (const [weekday, name] of WEEKDAY_NAMES.entries()) {
    const date = addDays("2026-11-22", weekday);
    expect(formatLocalDate(date, "en-GB", { weekday: "long" }).toLowerCase()).toBe(name);
  }
  for (const [index, name] of MONTH_NAMES.entries()) {
    const date = addMonths("2026-01-31", index);
    expect(formatLocalDate(date, "en-GB", { month: "long" }).toLowerCase()).toBe(name);
  }
});

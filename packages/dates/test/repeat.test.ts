import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addDays,
  assertRepeats,
  calendarDate,
  daysBetween,
  daysInMonth,
  localDateIn,
  nextOccurrence,
  partsOf,
  RuleError,
  readRule,
  weekdayOf,
} from "../src/index.ts";

/** The due days of a series that is completed on each of them, `count` of them in all. */
function series(repeat: string, due: string, count: number): string[] {
  const days = [due];
  let rule = repeat;
  while (days.length < count) {
    const today = days.at(-1)!;
    const next = nextOccurrence({ repeat: rule, from: "due", due: today, occurrence: days.length, today });
    if (next === undefined) break;
    days.push(next.due);
    rule = next.repeat;
  }
  return days;
}

describe("a series", () => {
  test.each([
    ["FREQ=DAILY;INTERVAL=3", "2026-11-26", ["2026-11-29", "2026-12-02"]],
    ["FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2026-11-26", ["2026-11-27", "2026-11-30"]],
    ["FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "2026-12-01", ["2026-12-15", "2026-12-29"]],
    ["FREQ=WEEKLY;BYDAY=MO,WE", "2026-11-30", ["2026-12-02", "2026-12-07"]],
    ["FREQ=MONTHLY;BYMONTHDAY=15", "2026-12-15", ["2027-01-15", "2027-02-15"]],
    ["FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=10", "2027-01-10", ["2027-04-10", "2027-07-10"]],
    ["FREQ=MONTHLY;BYDAY=-1FR", "2026-11-27", ["2026-12-25", "2027-01-29"]],
    ["FREQ=MONTHLY;BYDAY=2TU", "2026-12-08", ["2027-01-12", "2027-02-09"]],
    ["FREQ=MONTHLY;BYMONTHDAY=-1", "2027-01-31", ["2027-02-28", "2027-03-31"]],
    ["FREQ=MONTHLY", "2027-01-31", ["2027-02-28", "2027-03-31", "2027-04-30"]],
    ["FREQ=MONTHLY", "2028-01-30", ["2028-02-29", "2028-03-30"]],
    ["FREQ=YEARLY", "2028-02-29", ["2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]],
    ["FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31", "2026-12-31", ["2027-12-31"]],
    ["FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR", "2026-11-13", ["2027-08-13"]],
    ["FREQ=DAILY;COUNT=2", "2026-12-31", ["2027-01-01"]],
    ["FREQ=DAILY;UNTIL=20270101", "2026-12-31", ["2027-01-01"]],
  ])("%s from %s goes on", (repeat, due, days) => {
    const isEnding = /COUNT|UNTIL/.test(repeat);
    expect(series(repeat, due, days.length + (isEnding ? 2 : 1))).toEqual([due, ...days]);
  });

  test("weeks begin on the day that the rule says", () => {
    // Of RFC 5545, 3.3.10.
    expect(series("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO", "1997-08-05", 4)).toEqual([
      "1997-08-05",
      "1997-08-10",
      "1997-08-19",
      "1997-08-24",
    ]);
    expect(series("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU", "1997-08-05", 4)).toEqual([
      "1997-08-05",
      "1997-08-17",
      "1997-08-19",
      "1997-08-31",
    ]);
  });
});

test("what was missed is not asked for, and today's is", () => {
  const late = { repeat: "FREQ=WEEKLY;BYDAY=TU", from: "due", due: "2026-11-03", occurrence: 1 } as const;
  expect(nextOccurrence({ ...late, today: "2026-11-26" })?.due).toBe("2026-12-01");
  expect(nextOccurrence({ ...late, today: "2026-11-24" })?.due).toBe("2026-11-24");
});

test("counted from completion, the day of completion begins the next stretch", () => {
  const filter = { repeat: "FREQ=DAILY;INTERVAL=90", from: "completion", occurrence: 1 } as const;
  expect(nextOccurrence({ ...filter, due: "2026-11-26", today: "2026-12-01" })?.due).toBe("2027-03-01");
  expect(nextOccurrence({ ...filter, due: "2026-11-26", today: "2026-11-20" })?.due).toBe("2027-02-18");
});

test.each([
  "",
  "FREQ=",
  "FREQ=HOURLY",
  "FREQ=DAILY;FREQ=DAILY",
  "FREQ=DAILY;INTERVAL=0",
  "FREQ=DAILY;INTERVAL=1e3",
  "FREQ=DAILY;COUNT=1;UNTIL=20270101",
  "FREQ=DAILY;UNTIL=20270230",
  "FREQ=WEEKLY;BYDAY=XX",
  "FREQ=WEEKLY;BYDAY=2MO",
  "FREQ=WEEKLY;BYMONTHDAY=1",
  "FREQ=MONTHLY;BYMONTHDAY=32",
  "FREQ=MONTHLY;BYMONTHDAY=0",
  "FREQ=YEARLY;BYMONTH=13",
  "FREQ=YEARLY;BYDAY=2MO",
  "RRULE:FREQ=DAILY",
])("%j is no rule, and says so in words", (text) => {
  expect(() => readRule(text)).toThrow(RuleError);
});

test.each(["FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYMONTHDAY=29;BYDAY=5MO;BYMONTH=1"])(
  "%s is refused when it names no day, and soon",
  (text) => {
    if (text.startsWith("FREQ=DAILY")) expect(() => assertRepeats(text, "2026-11-26")).toThrow("names no day");
    else assertRepeats(text, "2026-11-26");
  },
);

const CODES = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];
const dateArbitrary = fc
  .tuple(fc.integer({ min: 1990, max: 2100 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 31 }))
  .map(([year, month, day]) => calendarDate(year, month, Math.min(day, daysInMonth(year, month)))!);

describe("for any day", () => {
  test("days and weeks are whole numbers of days apart", () => {
    fc.assert(
      fc.property(dateArbitrary, fc.integer({ min: 1, max: 400 }), fc.boolean(), (due, interval, weekly) => {
        const repeat = `FREQ=${weekly ? "WEEKLY" : "DAILY"};INTERVAL=${interval}`;
        const next = nextOccurrence({ repeat, from: "due", due, occurrence: 1, today: due });
        expect(daysBetween(due, next!.due)).toBe(interval * (weekly ? 7 : 1));
      }),
    );
  });

  test("a week's days are in its weeks, wherever the week begins", () => {
    const daysArbitrary = fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1 });
    fc.assert(
      fc.property(
        dateArbitrary,
        daysArbitrary,
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom(0, 1),
        (due, weekdays, interval, weekStart) => {
          const byDay = weekdays.map((day) => CODES[day]).join(",");
          const repeat = `FREQ=WEEKLY;INTERVAL=${interval};BYDAY=${byDay};WKST=${CODES[weekStart]}`;
          const next = nextOccurrence({ repeat, from: "due", due, occurrence: 1, today: due })!.due;
          const weekOf = (date: string) => addDays(date, -((weekdayOf(date) - weekStart + 7) % 7));
          expect((daysBetween(weekOf(due), weekOf(next)) / 7) % interval).toBe(0);
          expect(weekdays).toContain(weekdayOf(next));
          // No day between the two is one of the rule.
          for (let day = addDays(due, 1); day < next; day = addDays(day, 1)) {
            const isInWeek = (daysBetween(weekOf(due), weekOf(day)) / 7) % interval === 0;
            expect(isInWeek && weekdays.includes(weekdayOf(day)), day).toBe(false);
          }
        },
      ),
    );
  });

  test("months keep their day, or have their last one, and never drift", () => {
    fc.assert(
      fc.property(dateArbitrary, fc.integer({ min: 1, max: 24 }), (due, interval) => {
        const { year, month, day } = partsOf(due);
        const days = series(`FREQ=MONTHLY;INTERVAL=${interval}`, due, 5);
        expect(days).toHaveLength(5);
        for (const [index, date] of days.entries()) {
          const months = month - 1 + index * interval;
          const [inYear, inMonth] = [year + Math.floor(months / 12), (months % 12) + 1];
          expect(date).toBe(calendarDate(inYear, inMonth, Math.min(day, daysInMonth(inYear, inMonth))));
        }
      }),
    );
  });

  test("the next occurrence is later than the one before and never over", () => {
    const ruleArbitrary = fc.constantFrom(
      "FREQ=DAILY",
      "FREQ=WEEKLY",
      "FREQ=MONTHLY",
      "FREQ=YEARLY",
      "FREQ=MONTHLY;BYDAY=-1FR",
      "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
    );
    fc.assert(
      fc.property(ruleArbitrary, dateArbitrary, dateArbitrary, fc.boolean(), (repeat, due, today, byDue) => {
        const from = byDue ? "due" : "completion";
        const next = nextOccurrence({ repeat, from, due, occurrence: 1, today })!.due;
        expect(next > (byDue ? due : today)).toBe(true);
        expect(next >= today).toBe(true);
      }),
    );
  });
});

describe("the day of completion is the person's own", () => {
  /** Minutes around a change of clocks, and zones whose day begins at the change or that skipped a whole day. */
  const zones = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Havana", "Pacific/Apia", "UTC"];
  const changes = ["2026-03-29T01:00Z", "2026-10-25T01:00Z", "2026-03-08T05:00Z", "2011-12-30T10:00Z"];
  test("through gaps and overlaps of the clock each completion is followed by a later day", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom(...changes),
        fc.integer({ min: -2_880, max: 2_880 }),
        (zone, change, minutes) => {
          const today = localDateIn(new Date(Date.parse(change) + minutes * 60_000), zone);
          const next = nextOccurrence({ repeat: "FREQ=DAILY", from: "completion", due: today, occurrence: 1, today });
          expect(next?.due).toBe(addDays(today, 1));
        },
      ),
    );
  });
});

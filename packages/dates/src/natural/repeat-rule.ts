import { addDays, addMonths, calendarDate, daysInMonth, type LocalDate, partsOf, weekdayOf } from "../local-date.ts";

/** The part of RFC 5545's recurrence rules that the grammar can say. */
export interface RepeatRule {
  readonly frequency: "DAILY" | "WEEKLY" | "MONTHLY" | "YEARLY";
  readonly interval: number;
  /** 0 is Sunday. */
  readonly weekdays?: readonly number[];
  /** With one weekday: which of the month, -1 is the last. */
  readonly ordinal?: number;
  /** 1 to 31, or -1 for the last. */
  readonly monthDay?: number;
  /** 1 to 12. */
  readonly month?: number;
  /** Counted by the calendar's quarters, which begin in January. */
  readonly quarters?: boolean;
  readonly afterCompletion?: boolean;
  readonly until?: LocalDate;
}

const CODES = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"] as const;

/** The rule as RFC 5545 writes it. */
export function rruleOf(rule: RepeatRule): string {
  const monthly = rule.ordinal !== undefined;
  const days = [...(rule.weekdays ?? [])]
    .sort((a, b) => ((a + 6) % 7) - ((b + 6) % 7))
    .map((weekday) => `${monthly ? rule.ordinal : ""}${CODES[weekday]}`);
  return [
    `FREQ=${rule.frequency}`,
    ...(rule.interval === 1 ? [] : [`INTERVAL=${rule.interval}`]),
    ...(rule.month === undefined ? [] : [`BYMONTH=${rule.month}`]),
    ...(rule.monthDay === undefined ? [] : [`BYMONTHDAY=${rule.monthDay}`]),
    ...(days.length === 0 ? [] : [`BYDAY=${days.join(",")}`]),
    ...(rule.until === undefined ? [] : [`UNTIL=${rule.until.replaceAll("-", "")}`]),
  ].join(";");
}

/** Longest search for a day, in days: a 29 February may be eight years away. */
const SEARCH_DAYS = 366 * 8 + 1;

/** The first day from `from` on (itself included) that the rule names. */
export function firstDay(rule: RepeatRule, from: LocalDate): LocalDate | undefined {
  if (rule.weekdays === undefined && rule.monthDay === undefined && rule.month === undefined) {
    return rule.quarters === true ? quarterStart(from) : from;
  }
  for (let days = 0; days <= SEARCH_DAYS; days += 1) {
    const day = addDays(from, days);
    if (fits(rule, day)) return day;
  }
  return undefined;
}

function fits(rule: RepeatRule, date: LocalDate): boolean {
  const { year, month, day } = partsOf(date);
  if (rule.month !== undefined && month !== rule.month) return false;
  if (rule.quarters === true && (month - 1) % 3 !== 0) return false;
  const last = daysInMonth(year, month);
  if (rule.monthDay !== undefined && day !== (rule.monthDay < 0 ? last : rule.monthDay)) return false;
  if (rule.weekdays !== undefined && !rule.weekdays.includes(weekdayOf(date))) return false;
  if (rule.ordinal === undefined) return true;
  return rule.ordinal < 0 ? day > last - 7 : Math.ceil(day / 7) === rule.ordinal;
}

/** The first day of the quarter that begins on or after a day. */
function quarterStart(from: LocalDate): LocalDate | undefined {
  const { year, month, day } = partsOf(from);
  const first = calendarDate(year, month - ((month - 1) % 3), 1);
  if (first === null) return undefined;
  return (month - 1) % 3 === 0 && day === 1 ? from : addMonths(first, 3);
}

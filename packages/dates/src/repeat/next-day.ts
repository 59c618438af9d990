import { addDays, calendarDate, daysBetween, daysInMonth, type LocalDate, partsOf, weekdayOf } from "../local-date.ts";
import type { Rule } from "./rule.ts";

const DAYS_PER_WEEK = 7;
const MONTHS_PER_YEAR = 12;
/** Longest search, in periods of the rule: four years of days, so that a 29 February is found. */
const PERIODS_MAX = 366 * 4 + 1;
/** Longest search, in days that are looked at: 200 years of one month. Rules come from strangers, and each day takes time. */
const DAYS_MAX = 6_000;

/**
 * The first day of the rule after `after`, counted from `start`, which is a day of the rule or the day of completion. A day
 * that a month does not have is its last day, as people mean it; RFC 5545 would leave the month out. Undefined when there is
 * none within the rule's end and the calendar's years.
 */
export function nextDay(rule: Rule, start: LocalDate, after: LocalDate): LocalDate | undefined {
  let looked = 0;
  const first = Math.max(0, Math.floor(periodsBetween(rule, start, after) / rule.interval));
  for (let period = first; period < first + PERIODS_MAX && looked < DAYS_MAX; period += 1) {
    const days = daysOfPeriod(rule, start, period * rule.interval);
    if (days === undefined) return undefined;
    for (const day of days) {
      looked += 1;
      if (day <= after || day < start || !fits(rule, start, day)) continue;
      return rule.until !== undefined && day > rule.until ? undefined : day;
    }
  }
  return undefined;
}

function periodsBetween({ frequency, weekStart }: Rule, start: LocalDate, to: LocalDate): number {
  if (to < start) return 0;
  if (frequency === "DAILY") return daysBetween(start, to);
  if (frequency === "WEEKLY") return Math.floor((daysBetween(start, to) + dayOfWeek(start, weekStart)) / DAYS_PER_WEEK);
  const [from, until] = [partsOf(start), partsOf(to)];
  if (frequency === "YEARLY") return until.year - from.year;
  return (until.year - from.year) * MONTHS_PER_YEAR + until.month - from.month;
}

/** The days of a period, or undefined when it is outside the calendar. */
function daysOfPeriod(rule: Rule, start: LocalDate, periods: number): LocalDate[] | undefined {
  const { frequency, weekStart } = rule;
  const { year, month } = partsOf(start);
  try {
    if (frequency === "DAILY") return [addDays(start, periods)];
    if (frequency === "WEEKLY") return run(addDays(start, periods * 7 - dayOfWeek(start, weekStart)), DAYS_PER_WEEK);
    const wanted = monthsOf(rule, start);
    if (frequency === "YEARLY") return wanted.flatMap((each) => daysOfMonth(year + periods, each));
    const months = month - 1 + periods;
    const inMonth = (months % MONTHS_PER_YEAR) + 1;
    return wanted.includes(inMonth) ? daysOfMonth(year + Math.floor(months / MONTHS_PER_YEAR), inMonth) : [];
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function run(first: LocalDate, length: number): LocalDate[] {
  return Array.from({ length }, (_, index) => addDays(first, index));
}

/** Throws RangeError outside the calendar. */
function daysOfMonth(year: number, month: number): LocalDate[] {
  const first = calendarDate(year, month, 1);
  if (first === null) throw new RangeError(`${year}-${month} is not in the calendar`);
  return run(first, daysInMonth(year, month));
}

function dayOfWeek(date: LocalDate, weekStart: number): number {
  return (weekdayOf(date) - weekStart + DAYS_PER_WEEK) % DAYS_PER_WEEK;
}

function fits(rule: Rule, start: LocalDate, date: LocalDate): boolean {
  const { month, day, year } = partsOf(date);
  if (!monthsOf(rule, start).includes(month)) return false;
  const last = daysInMonth(year, month);
  const monthDays = monthDaysOf(rule, start);
  if (monthDays.length > 0 && !monthDays.some((wanted) => dayInMonth(wanted, last, rule) === day)) return false;
  const days = rule.frequency === "WEEKLY" && rule.days.length === 0 ? [weekdayOf(start)] : undefined;
  if (days !== undefined) return days.includes(weekdayOf(date));
  return rule.days.length === 0 || rule.days.some((wanted) => isRuleDay(wanted, date, day, last));
}

const ALL_MONTHS = Array.from({ length: MONTHS_PER_YEAR }, (_, index) => index + 1);

function monthsOf(rule: Rule, start: LocalDate): readonly number[] {
  if (rule.months.length > 0) return rule.months.toSorted((a, b) => a - b);
  const isAnchored = rule.frequency === "YEARLY" && rule.days.length === 0 && rule.monthDays.length === 0;
  return isAnchored ? [partsOf(start).month] : ALL_MONTHS;
}

function monthDaysOf(rule: Rule, start: LocalDate): readonly number[] {
  const byDate = rule.frequency === "MONTHLY" || rule.frequency === "YEARLY";
  return byDate && rule.days.length === 0 && rule.monthDays.length === 0 ? [partsOf(start).day] : rule.monthDays;
}

/** "Friday the 13th" and "every day that is a 31st" mean the number itself. */
function dayInMonth(wanted: number, last: number, rule: Rule): number {
  if (wanted < 0) return last + 1 + wanted;
  return rule.days.length > 0 || rule.frequency === "DAILY" ? wanted : Math.min(wanted, last);
}

function isRuleDay({ weekday, ordinal }: Rule["days"][number], date: LocalDate, day: number, last: number): boolean {
  if (weekdayOf(date) !== weekday) return false;
  if (ordinal === undefined) return true;
  return ordinal > 0
    ? Math.ceil(day / DAYS_PER_WEEK) === ordinal
    : Math.ceil((last - day + 1) / DAYS_PER_WEEK) === -ordinal;
}

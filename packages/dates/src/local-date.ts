/**
 * A calendar day without a time zone, `YYYY-MM-DD` in the Gregorian calendar, years 1 to 9999. Two of them compare as
 * text in the order of the calendar. All arithmetic here is done in UTC, so no clock change can shift a day.
 */
export type LocalDate = string;

/** Year, month (1-12) and day (1-31). */
export interface DateParts {
  year: number;
  month: number;
  day: number;
}

const DAY_MS = 86_400_000;
const DAYS_PER_WEEK = 7;
const MONTHS_PER_YEAR = 12;
const MONDAY = 1;

/** The numbers of a date. */
export function partsOf(date: LocalDate): DateParts {
  const [year = Number.NaN, month = Number.NaN, day = Number.NaN] = date.split("-").map(Number);
  return { year, month, day };
}

/** The date with these numbers, or null when the calendar has no such day. */
export function calendarDate(year: number, month: number, day: number): LocalDate | null {
  const inCalendar = year >= 1 && year <= 9_999 && month >= 1 && month <= MONTHS_PER_YEAR;
  return inCalendar && day >= 1 && day <= daysInMonth(year, month) ? textOf(year, month, day) : null;
}

/** How many days a month (1-12) has. */
export function daysInMonth(year: number, month: number): number {
  // Day 0 is the last day of the month before. `Date.UTC` would read the years 0 to 99 as 1900 to 1999.
  const lastDay = new Date(0);
  lastDay.setUTCFullYear(year, month, 0);
  return lastDay.getUTCDate();
}

/** The day some days later, or earlier for a negative number. Throws `RangeError` outside the years 1 to 9999. */
export function addDays(date: LocalDate, days: number): LocalDate {
  const moved = new Date(utcMs(date) + days * DAY_MS);
  return existing(moved.getUTCFullYear(), moved.getUTCMonth() + 1, moved.getUTCDate());
}

/**
 * The same day some months later (earlier for a negative number), or the month's last day when it is shorter. Throws
 * `RangeError` outside the years 1 to 9999.
 */
export function addMonths(date: LocalDate, months: number): LocalDate {
  const { year, month, day } = partsOf(date);
  const total = year * MONTHS_PER_YEAR + (month - 1) + months;
  const toYear = Math.floor(total / MONTHS_PER_YEAR);
  const toMonth = total - toYear * MONTHS_PER_YEAR + 1;
  return existing(toYear, toMonth, Math.min(day, daysInMonth(toYear, toMonth)));
}

/** How many days after `from` the day `to` is; negative when it is earlier. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return (utcMs(to) - utcMs(from)) / DAY_MS;
}

/** The day of the week: 0 is Sunday, 6 is Saturday. */
export function weekdayOf(date: LocalDate): number {
  return new Date(utcMs(date)).getUTCDay();
}

/** The first such weekday (0 is Sunday) after the date, never the date itself. */
export function nextWeekday(weekday: number, date: LocalDate): LocalDate {
  return addDays(date, (weekday - weekdayOf(date) + DAYS_PER_WEEK) % DAYS_PER_WEEK || DAYS_PER_WEEK);
}

/** The last day of the date's week, which starts on Monday and ends on Sunday. */
export function endOfWeek(date: LocalDate): LocalDate {
  return addDays(nextWeekday(MONDAY, date), -1);
}

/** Midnight UTC of the day, in milliseconds of the epoch. */
function utcMs(date: LocalDate): number {
  return Date.parse(`${date}T00:00:00Z`);
}

function existing(year: number, month: number, day: number): LocalDate {
  const date = calendarDate(year, month, day);
  if (date === null) throw new RangeError(`the calendar here has no day ${year}-${month}-${day}`);
  return date;
}

function textOf(year: number, month: number, day: number): LocalDate {
  return `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}`;
}

function padded(value: number, length: number): string {
  return String(value).padStart(length, "0");
}

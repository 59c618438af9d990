/** A calendar day in the person's own zone, `YYYY-MM-DD`. Compares correctly as text. */
export type LocalDate = string;

const DAY = 86_400_000;

/** The calendar day of an instant in a zone (the browser's own when left out). */
export function localDateOf(instant: Date, timeZone?: string): LocalDate {
  const parts = new Intl.DateTimeFormat("en-CA", {
    ...(timeZone === undefined ? {} : { timeZone }),
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).formatToParts(instant);
  const part = (type: string) => parts.find((candidate) => candidate.type === type)?.value ?? "";
  return `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}`;
}

/** The instant at which the calendar day of `instant` began, in the browser's own zone. */
export function startOfDay(instant: Date): Date {
  return new Date(instant.getFullYear(), instant.getMonth(), instant.getDate());
}

/** The day `days` later (negative: earlier). Calendar arithmetic only, so daylight saving can't shift it. */
export function addDays(date: LocalDate, days: number): LocalDate {
  return toText(utc(date) + days * DAY);
}

/** How many days lie from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return Math.round((utc(to) - utc(from)) / DAY);
}

/** 0 = Sunday … 6 = Saturday. */
export function weekdayOf(date: LocalDate): number {
  return new Date(utc(date)).getUTCDay();
}

/** The date when year, month (1-12) and day exist in the calendar, else null. */
export function calendarDate(year: number, month: number, day: number): LocalDate | null {
  const instant = Date.UTC(year, month - 1, day);
  const date = new Date(instant);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  return toText(instant);
}

/** Midnight UTC of the day, for formatting with `timeZone: "UTC"`. */
export function utc(date: LocalDate): number {
  return Date.parse(`${date}T00:00:00Z`);
}

function toText(instant: number): LocalDate {
  return new Date(instant).toISOString().slice(0, 10);
}

import { capitalise } from "./text.ts";

/** Local dates as `YYYY-MM-DD`; arithmetic in UTC so that no clock change can shift a day. */

const DAY_MS = 86_400_000;

export const WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const;
export const MONTHS = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
] as const;

/** The date some days later (or earlier). */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The same day some months later, or that month's last day. */
export function addMonths(date: string, months: number): string {
  const [year = 1970, month = 1, day = 1] = date.split("-").map(Number);
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(day, last))).toISOString().slice(0, 10);
}

/** 0 for Sunday to 6 for Saturday. */
export function weekdayOf(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay();
}

/** The last day of the week (Sunday; weeks start on Monday). */
export function endOfWeek(date: string): string {
  return addDays(date, (7 - weekdayOf(date)) % 7);
}

/** How a person would say the date: "today", "tomorrow", "Friday, 27 November", with the year if it is another one. */
export function spoken(date: string, today: string): string {
  const days = (Date.parse(`${date}T00:00:00Z`) - Date.parse(`${today}T00:00:00Z`)) / DAY_MS;
  if (days === 0) return "today";
  if (days === 1) return "tomorrow";
  if (days === -1) return "yesterday";
  const [year, month, day] = date.split("-").map(Number);
  const name = capitalise(WEEKDAYS[weekdayOf(date)] ?? "");
  const sameYear = date.slice(0, 4) === today.slice(0, 4);
  return `${name}, ${day} ${capitalise(MONTHS[(month ?? 1) - 1] ?? "")}${sameYear ? "" : ` ${year}`}`;
}

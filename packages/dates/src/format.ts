import type { LocalDate } from "./local-date.ts";

/** English names of the weekdays in lower case, by their number: 0 is Sunday. */
export const WEEKDAY_NAMES = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const;

/** English names of the months in lower case; January is the first. */
export const MONTH_NAMES = [
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

/** The date in the words of a locale. The options say which parts; a time zone has no place among them. */
export function formatLocalDate(
  date: LocalDate,
  locale: string,
  options: Pick<Intl.DateTimeFormatOptions, "weekday" | "day" | "month" | "year">,
): string {
  return new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" }).format(Date.parse(`${date}T00:00:00Z`));
}

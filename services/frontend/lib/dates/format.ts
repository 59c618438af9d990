import { daysBetween, type LocalDate, utc } from "./local-date.ts";

/** The English the person's browser asks for, so that dates read as the rest of the page does. */
export function pageLocale(languages: readonly string[]): string {
  return languages.find((language) => /^en\b/i.test(language)) ?? "en-GB";
}

/** A due date in as few words as possible: Today, Tomorrow, Fri, 12 Dec, 3 Jan 2028. */
export function formatDue(due: LocalDate, today: LocalDate, locale = "en-GB"): string {
  const days = daysBetween(today, due);
  if (days === 0) return "Today";
  if (days === 1) return "Tomorrow";
  if (days === -1) return "Yesterday";
  if (days > 1 && days < 7) return format(due, locale, { weekday: "short" });
  const sameYear = due.slice(0, 4) === today.slice(0, 4);
  return format(due, locale, { day: "numeric", month: "short", ...(sameYear ? {} : { year: "numeric" }) });
}

/** `Sunday 22 November`, the line above the panel's title. */
export function formatLongDate(date: LocalDate, locale = "en-GB"): string {
  return format(date, locale, { weekday: "long", day: "numeric", month: "long" });
}

function format(date: LocalDate, locale: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" }).format(new Date(utc(date)));
}

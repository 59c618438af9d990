import { daysBetween, formatLocalDate, type LocalDate } from "@taskassistant/dates";
import { words } from "./words.ts";

/** A due date in as few words as possible: Today, Tomorrow, Fri, 12 Dec, 3 Jan 2028. */
export function formatDue(due: LocalDate, today: LocalDate, locale = "en-GB"): string {
  const days = daysBetween(today, due);
  if (days === 0) return words.dates.today;
  if (days === 1) return words.dates.tomorrow;
  if (days === -1) return words.dates.yesterday;
  if (days > 1 && days < 7) return formatLocalDate(due, locale, { weekday: "short" });
  const sameYear = due.slice(0, 4) === today.slice(0, 4);
  return formatLocalDate(due, locale, { day: "numeric", month: "short", ...(sameYear ? {} : { year: "numeric" }) });
}

/** A time of day as the locale writes it; with the zone when that is another than the reader's. */
export function formatTime(time: string, locale: string, zone?: string | null, ownZone?: string): string {
  const at = Date.parse(`2024-01-01T${time}:00Z`);
  const text = new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit", timeZone: "UTC" }).format(at);
  return zone && ownZone && zone !== ownZone ? words.inZone(text, zone) : text;
}

/** The line above the panel's title, such as `Sunday 22 November`. */
export function formatLongDate(date: LocalDate, locale = "en-GB"): string {
  return formatLocalDate(date, locale, { weekday: "long", day: "numeric", month: "long" });
}

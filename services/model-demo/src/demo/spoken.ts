import { daysBetween, type LocalDate, MONTH_NAMES, partsOf, WEEKDAY_NAMES, weekdayOf } from "@taskassistant/dates";
import { capitalise } from "./text.ts";

/** How a person would say the date: "today", "tomorrow", "Friday, 27 November", with the year if it is another one. */
export function spoken(date: LocalDate, today: LocalDate): string {
  const days = daysBetween(today, date);
  if (days === 0) return "today";
  if (days === 1) return "tomorrow";
  if (days === -1) return "yesterday";
  const { year, month, day } = partsOf(date);
  const weekday = capitalise(WEEKDAY_NAMES[weekdayOf(date)] ?? "");
  const sameYear = date.slice(0, 4) === today.slice(0, 4);
  return `${weekday}, ${day} ${capitalise(MONTH_NAMES[month - 1] ?? "")}${sameYear ? "" : ` ${year}`}`;
}

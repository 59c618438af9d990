import { type LocalDate, type PartKind, readTask } from "@taskassistant/dates";

const ONLY_DATES: readonly PartKind[] = ["date"];

/** The date a text names, or undefined when it is not a date and nothing else. */
export function parseDate(text: string, today: LocalDate): LocalDate | undefined {
  const { title, due } = read(text.trim().replace(/[.!?]$/, ""), today);
  return title === "" && due !== null ? due : undefined;
}

/** Takes the date out of a text: "buy milk on friday" -> "buy milk" and the date. */
export function splitDate(text: string, today: LocalDate): { rest: string; date?: LocalDate } {
  const { title, due } = read(text, today);
  return title === "" || due === null ? { rest: text.trim() } : { rest: title, date: due };
}

/** The date in a text that the calendar does not have, if there is one outside quotation marks. */
export function impossibleDate(text: string, today: LocalDate): { day: number; month: number } | undefined {
  const { impossible } = read(text, today);
  return impossible === null ? undefined : { day: impossible.day, month: impossible.month };
}

function read(text: string, today: LocalDate) {
  return readTask(text, { today, time: "00:00", locale: "en-GB" }, { kinds: ONLY_DATES });
}

import { type LocalDate, type PartKind, type Reading, readTask } from "@taskassistant/dates";

const ONLY_DATES: readonly PartKind[] = ["date"];
const TASK_KINDS: readonly PartKind[] = ["date", "time", "repeat", "priority", "label", "tag"];

/** The date a text names, or undefined when it is not a date and nothing else. */
export function parseDate(text: string, today: LocalDate): LocalDate | undefined {
  const { title, due } = read(text.trim().replace(/[.!?]$/, ""), today);
  return title === "" && due !== null ? due : undefined;
}

/** Everything that a text says about a task, and the rest as its title: "buy milk on friday" -> "buy milk" and the date. */
export function splitTask(text: string, today: LocalDate): Pick<Reading, "title"> & Partial<Reading> {
  const reading = read(text, today, TASK_KINDS);
  return reading.title === "" ? { title: text.trim() } : reading;
}

/** The date in a text that the calendar does not have, if there is one outside quotation marks. */
export function impossibleDate(text: string, today: LocalDate): { day: number; month: number } | undefined {
  const { impossible } = read(text, today);
  return impossible === null ? undefined : { day: impossible.day, month: impossible.month };
}

function read(text: string, today: LocalDate, kinds = ONLY_DATES) {
  return readTask(text, { today, time: "00:00", locale: "en-GB" }, { kinds });
}

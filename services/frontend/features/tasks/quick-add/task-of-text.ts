import type { NewTask } from "@taskassistant/contracts";
import { type Dropped, localDateIn, type PartKind, type Reading, readTask } from "@taskassistant/dates";

/** What a task can hold. The words of everything else stay in the title. */
const KINDS: readonly PartKind[] = ["date", "time", "repeat", "priority"];

/** Where and when somebody types. */
export interface Typing {
  readonly today: string;
  readonly locale: string;
  /** IANA name of the person's zone. */
  readonly timeZone: string;
  readonly now: Date;
}

/** What a typed line says; `dropped` parts were taken back and stay in the title. */
export function readTyped(text: string, { today, locale, timeZone, now }: Typing, dropped: readonly Dropped[] = []) {
  // The page's day turns a moment after midnight.
  const time = localDateIn(now, timeZone) === today ? timeIn(now, timeZone) : "00:00";
  return readTask(text, { today, time, locale }, { dropped, kinds: KINDS });
}

/** The task of a typed line. A time and a repetition are meant in the zone where the person is. */
export function taskOf({ title, due, time, repeat, priority }: Reading, timeZone: string): NewTask {
  const hasWhen = due !== null && (time !== null || repeat !== null);
  return {
    title,
    due,
    ...(hasWhen && time !== null && { due_time: time }),
    ...(hasWhen && repeat !== null && { repeat: repeat.rrule, repeat_from: repeat.from }),
    ...(hasWhen && { due_zone: timeZone }),
    ...(priority !== null && { priority }),
  };
}

function timeIn(now: Date, timeZone: string): string {
  return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone }).format(now);
}

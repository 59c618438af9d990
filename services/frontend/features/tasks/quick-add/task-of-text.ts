import type { NewTask } from "@taskassistant/contracts";
import { type Dropped, localDateIn, type Part, type PartKind, type Reading, readTask } from "@taskassistant/dates";
import { sameName } from "../labels/label-store.ts";
import { words } from "../words.ts";

/** What a task can hold. The words of everything else stay in the title. */
const KINDS: readonly PartKind[] = ["date", "time", "repeat", "priority", "label", "tag"];

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

/** A recognised name and the part of the line that says it. */
export interface NamedPart {
  readonly is: "project" | "tag";
  readonly name: string;
  readonly part: Part;
}

/** `#word` is the project of that name if the person has one, the last such word if there are several; all others are tags. */
export function namedParts({ parts }: Reading, projects: readonly string[]): readonly NamedPart[] {
  const named = parts.filter(({ kind }) => kind === "label" || kind === "tag");
  const projectOf = ({ kind, text }: Part) =>
    kind === "label" ? projects.find((project) => sameName(project, text.slice(1))) : undefined;
  const inProject = named.findLast((part) => projectOf(part) !== undefined);
  return named.map((part) =>
    part === inProject
      ? { is: "project", name: projectOf(part) ?? "", part }
      : { is: "tag", name: part.text.slice(1), part },
  );
}

/** What is still to be typed or is wrong with the line, as a sentence. */
export function hintOf(text: string, { title, impossible }: Reading, locale: string): string | null {
  if (title === "" && text.trim() !== "") return words.titleMissing;
  return impossible ? words.noSuchDay(impossible, locale) : null;
}

/** The task of a typed line. A time and a repetition are meant in the zone where the person is. */
export function taskOf(reading: Reading, timeZone: string, projects: readonly string[] = []): NewTask {
  const { title, due, time, repeat, priority } = reading;
  const named = namedParts(reading, projects);
  const project = named.find(({ is }) => is === "project")?.name;
  const tags = named.flatMap(({ is, name }) => (is === "tag" ? [name] : []));
  const hasWhen = due !== null && (time !== null || repeat !== null);
  return {
    title,
    due,
    ...(hasWhen && time !== null && { due_time: time }),
    ...(hasWhen && repeat !== null && { repeat: repeat.rrule, repeat_from: repeat.from }),
    ...(hasWhen && { due_zone: timeZone }),
    ...(priority !== null && { priority }),
    ...(project !== undefined && { project }),
    ...(tags.length > 0 && { tags }),
  };
}

function timeIn(now: Date, timeZone: string): string {
  return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone }).format(now);
}

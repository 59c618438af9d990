import { addDays, type LocalDate, nextWeekday, weekdayOf } from "../local-date.ts";
import { type Found, longest, type Strength } from "./found.ts";
import { indexOf, isA, type Line, meaningOf, nextWord, sequenceAt, wordAt } from "./line.ts";

/** Days named by how far away they are: "tomorrow", "next friday", "this weekend". */
export function namedDayAt(line: Line, at: number): Found | undefined {
  const found = longest([nearDay(line, at), weekday(line, at), weekend(line, at)]);
  if (found === undefined || found.time !== undefined) return found;
  // "friday morning", "heute Morgen": behind a day the German word for tomorrow is a part of it.
  const time = meaningOf(line, "dayParts", nextWord(line, found.to));
  return time === undefined
    ? found
    : { ...found, to: found.to + 1, strength: "sure", time, timeFrom: found.to, isDayPart: true };
}

function nearDay(line: Line, at: number): Found | undefined {
  const { today } = line.now;
  const start = isA(line, wordAt(line, at), "the") ? at + 1 : at;
  const after = sequenceAt(
    line,
    start,
    line.languages.map(({ dayAfterTomorrow }) => dayAfterTomorrow),
  );
  if (after !== undefined) return { from: at, to: after, strength: "sure", day: addDays(today, 2) };
  const word = wordAt(line, at);
  const says = (list: "today" | "tomorrow" | "yesterday") => line.languages.some((each) => each[list].includes(word));
  if (isA(line, word, "tonight"))
    return { from: at, to: at + 1, strength: "sure", day: today, time: "20:00", isDayPart: true };
  if (says("today")) return { from: at, to: at + 1, strength: "sure", day: today };
  if (says("tomorrow")) return { from: at, to: at + 1, strength: "sure", day: addDays(today, 1) };
  if (says("yesterday")) return { from: at, to: at + 1, strength: "end", day: addDays(today, -1) };
  return undefined;
}

/** The weekday at an index with the part of the day that German writes into the same word. */
export function weekdayAt(line: Line, at: number): { number: number; time?: string; short: boolean } | undefined {
  const word = at === 0 ? wordAt(line, at) : nextWord(line, at) || wordAt(line, at);
  const number = indexOf(line, "weekdays", word);
  if (number !== undefined) {
    return { number, short: line.languages.some(({ shortWeekdays }) => shortWeekdays.has(word)) };
  }
  for (const { weekdays, dayParts } of line.languages) {
    const index = weekdays.findIndex(
      ([name = ""]) => word.startsWith(name) && Object.hasOwn(dayParts, word.slice(name.length)),
    );
    const time = index < 0 ? undefined : dayParts[word.slice(weekdays[index]?.[0]?.length)];
    if (time !== undefined) return { number: index, time, short: false };
  }
  return undefined;
}

function weekday(line: Line, at: number): Found | undefined {
  const { today } = line.now;
  const first = wordAt(line, at);
  const qualifier = isA(line, first, "next")
    ? "next"
    : isA(line, first, "this")
      ? "this"
      : isA(line, first, "coming")
        ? "coming"
        : undefined;
  const unit = nextUnit(line, at + 1);
  if (qualifier === "next" && unit === "week") {
    // "next week friday", "next week on friday", "nächste Woche Freitag"
    const skipped = isA(line, nextWord(line, at + 2), "strongPrepositions") ? at + 3 : at + 2;
    const named = nextWord(line, skipped) === "" ? undefined : weekdayAt(line, skipped);
    if (named === undefined) return undefined;
    return found(at, skipped + 1, "sure", ofNextWeek(line, named.number), named.time);
  }
  const place = qualifier === undefined ? at : at + 1;
  if (qualifier !== undefined && nextWord(line, place) === "") return undefined;
  const named = weekdayAt(line, place);
  if (named === undefined) return undefined;
  const upcoming = nextWeekday(named.number, today);
  if (qualifier === "next") return found(at, place + 1, "sure", ofNextWeek(line, named.number), named.time);
  if (qualifier === "this") return found(at, place + 1, "sure", ofThisWeek(line, named.number), named.time);
  if (qualifier === "coming") return found(at, place + 1, "sure", upcoming, named.time);
  const { number, time, short } = named;
  if (isA(line, nextWord(line, at + 1), "next") && nextUnit(line, at + 2) === "week") {
    return found(at, at + 3, "sure", ofNextWeek(line, number), time);
  }
  return found(at, at + 1, short ? "end" : "edge", upcoming, time);
}

function nextUnit(line: Line, at: number): string | undefined {
  const word = nextWord(line, at);
  return word === "" ? undefined : line.languages.map(({ units }) => units[word]).find((unit) => unit !== undefined);
}

function weekend(line: Line, at: number): Found | undefined {
  const { today } = line.now;
  const first = wordAt(line, at);
  const isQualified = isA(line, first, "next", "this", "coming", "the");
  const place = isQualified ? at + 1 : at;
  if (!isA(line, isQualified ? nextWord(line, place) : first, "weekend")) return undefined;
  if (isA(line, first, "next")) return found(at, place + 1, "sure", ofNextWeek(line, SATURDAY));
  const isNow = weekdayOf(today) === SATURDAY || weekdayOf(today) === SUNDAY;
  const day = isNow ? today : nextWeekday(SATURDAY, today);
  return found(at, place + 1, isA(line, first, "this", "coming") ? "sure" : "end", day);
}

const SATURDAY = 6;
const SUNDAY = 0;
const MONDAY = 1;

/** The first day of the person's week that a date lies in. */
export function weekStartOf(line: Line, date: LocalDate): LocalDate {
  return addDays(date, -((weekdayOf(date) - (line.now.weekStart ?? MONDAY) + 7) % 7));
}

/** The weekday (0 is Sunday) in the calendar week behind this one. */
export function ofNextWeek(line: Line, weekdayNumber: number): LocalDate {
  const start = addDays(weekStartOf(line, line.now.today), 7);
  return addDays(start, (weekdayNumber - weekdayOf(start) + 7) % 7);
}

/** The weekday in this week; one that is over is the next of its name. */
function ofThisWeek(line: Line, weekdayNumber: number): LocalDate {
  const start = weekStartOf(line, line.now.today);
  const day = addDays(start, (weekdayNumber - weekdayOf(start) + 7) % 7);
  return day >= line.now.today ? day : nextWeekday(weekdayNumber, line.now.today);
}

function found(from: number, to: number, strength: Strength, day: LocalDate, time?: string): Found {
  return { from, to, strength, day, ...(time === undefined ? {} : { time }) };
}

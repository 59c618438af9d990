import { addDays, addMonths, calendarDate, daysInMonth, type LocalDate, partsOf } from "../local-date.ts";
import { weekStartOf } from "./days.ts";
import { type Found, longest } from "./found.ts";
import { countAt, isA, type Line, meaningOf, nextWord, sequenceAt, wordAt } from "./line.ts";
import type { Unit } from "./vocabulary.ts";

/** Days named by a length of time: "in 3 weeks", "2 days from now", "next month", "end of the month". */
export function spanAt(line: Line, at: number): Found | undefined {
  return longest([inSpan(line, at), spanFromNow(line, at), nextPeriod(line, at), edgeOfPeriod(line, at)]);
}

function inSpan(line: Line, at: number): Found | undefined {
  if (!isA(line, wordAt(line, at), "in")) return undefined;
  const span = lengthAt(line, at + 1);
  return span && later(line, at, span.to, span.count, span.unit);
}

function spanFromNow(line: Line, at: number): Found | undefined {
  const span = /^\d|^[a-zäöü]/.test(wordAt(line, at)) ? lengthAt(line, at) : undefined;
  const to =
    span &&
    sequenceAt(
      line,
      span.to,
      line.languages.flatMap(({ fromNow }) => fromNow),
    );
  return span && to !== undefined ? later(line, at, to, span.count, span.unit) : undefined;
}

function lengthAt(line: Line, at: number): { count: number; unit: Unit; to: number } | undefined {
  const half = sequenceAt(line, at, HALF_HOUR);
  if (half !== undefined) return { count: 30, unit: "minute", to: half };
  const count = countAt(line, at);
  const unit = meaningOf(line, "units", nextWord(line, at + 1));
  return count === undefined || count === 0 || unit === undefined ? undefined : { count, unit, to: at + 2 };
}

const HALF_HOUR = [
  ["half", "an", "hour"],
  ["einer", "halben", "stunde"],
];
const MINUTES_PER_HOUR = 60;
const MINUTES_PER_DAY = 24 * MINUTES_PER_HOUR;

function later(line: Line, from: number, to: number, count: number, unit: Unit): Found {
  const { today, time } = line.now;
  if (unit === "hour" || unit === "minute") {
    const [hour = 0, minute = 0] = time.split(":").map(Number);
    const minutes = hour * MINUTES_PER_HOUR + minute + count * (unit === "hour" ? MINUTES_PER_HOUR : 1);
    const inDay = minutes % MINUTES_PER_DAY;
    return {
      from,
      to,
      strength: "sure",
      day: addDays(today, Math.floor(minutes / MINUTES_PER_DAY)),
      time: clock(Math.floor(inDay / MINUTES_PER_HOUR), inDay % MINUTES_PER_HOUR),
    };
  }
  return { from, to, strength: "sure", day: addUnits(today, count, unit) };
}

/** The time of day in the form `HH:MM`. */
export function clock(hour: number, minute: number): string {
  return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}

function addUnits(date: LocalDate, count: number, unit: Exclude<Unit, "hour" | "minute">): LocalDate {
  if (unit === "day") return addDays(date, count);
  if (unit === "week") return addDays(date, count * 7);
  return addMonths(date, count * MONTHS[unit]);
}

const MONTHS = { month: 1, quarter: 3, year: 12 } as const;

/** "next week" begins on its first day, as do "next month" and "next year". */
function nextPeriod(line: Line, at: number): Found | undefined {
  if (!isA(line, wordAt(line, at), "next")) return undefined;
  const unit = meaningOf(line, "units", nextWord(line, at + 1));
  if (unit === undefined || unit === "hour" || unit === "minute" || unit === "day") return undefined;
  return { from: at, to: at + 2, strength: "edge", day: startOf(line, unit, 1) };
}

/** "eom", "end of month", "by the end of next week", "Ende des Monats", "Monatsende". */
function edgeOfPeriod(line: Line, at: number): Found | undefined {
  const word = wordAt(line, at);
  const short = ({ eod: "day", eow: "week", eom: "month", eoq: "quarter", eoy: "year" } as const)[word];
  if (short !== undefined) return { from: at, to: at + 1, strength: "end", day: endOf(line, short, 0) };
  const compound = /^(wochen|monats|quartals|jahres)(ende|anfang)$/.exec(word);
  if (compound !== null && compound[0] !== "wochenende") {
    const unit = meaningOf(line, "units", compound[1] ?? "") ?? "week";
    return {
      from: at,
      to: at + 1,
      strength: "end",
      day: compound[2] === "ende" ? endOf(line, unit, 0) : startOf(line, unit, 1),
    };
  }
  const start = isA(line, word, "the") ? at + 1 : at;
  const edge = start === at ? word : nextWord(line, start);
  const which = isA(line, edge, "end")
    ? "end"
    : isA(line, edge, "start")
      ? "start"
      : isA(line, edge, "middle")
        ? "middle"
        : undefined;
  if (which === undefined) return undefined;
  let place = start + 1;
  if (isA(line, nextWord(line, place), "of")) place += 1;
  const isNext = isA(line, nextWord(line, place), "next");
  if (isNext || isA(line, nextWord(line, place), "the", "this")) place += 1;
  const unit = meaningOf(line, "units", nextWord(line, place));
  if (unit === undefined || unit === "hour" || unit === "minute") return undefined;
  const ahead = isNext ? 1 : 0;
  const day =
    which === "end"
      ? endOf(line, unit, ahead)
      : which === "start"
        ? startOf(line, unit, isNext ? 1 : ahead)
        : middleOf(line, unit, ahead);
  return { from: at, to: place + 1, strength: "end", day: upcoming(line, day, unit, which) };
}

/** What is over in this period is meant in the next one. */
function upcoming(line: Line, day: LocalDate, unit: Unit, which: "start" | "middle" | "end"): LocalDate {
  if (day >= line.now.today || which === "end") return day;
  return which === "start" ? startOf(line, unit, 1) : middleOf(line, unit, 1);
}

function startOf(line: Line, unit: Unit, ahead: number): LocalDate {
  const { today } = line.now;
  if (unit === "week") return addDays(weekStartOf(line, today), 7 * ahead);
  const { year, month } = partsOf(today);
  if (unit === "year") return calendarDate(year + ahead, 1, 1) ?? today;
  if (unit === "day" || unit === "hour" || unit === "minute") return addDays(today, ahead);
  const firstMonth = unit === "quarter" ? month - ((month - 1) % MONTHS.quarter) : month;
  return addMonths(calendarDate(year, firstMonth, 1) ?? today, MONTHS[unit] * ahead);
}

function endOf(line: Line, unit: Unit, ahead: number): LocalDate {
  return addDays(startOf(line, unit, ahead + 1), -1);
}

function middleOf(line: Line, unit: Unit, ahead: number): LocalDate {
  const start = startOf(line, unit, ahead);
  const { year, month } = partsOf(start);
  if (unit === "month") return addDays(start, Math.floor(daysInMonth(year, month) / 2) - 1);
  return addDays(start, unit === "week" ? 2 : unit === "year" ? 181 : 45);
}

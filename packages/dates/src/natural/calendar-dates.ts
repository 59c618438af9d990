import { addMonths, calendarDate, daysInMonth, type LocalDate, partsOf } from "../local-date.ts";
import { type Found, longest, type Strength } from "./found.ts";
import { indexOf, isA, type Line, nextWord, wordAt } from "./line.ts";

const ORDINAL_DAY = /^(\d{1,2})(?:st|nd|rd|th)$/;

/** Days named by the calendar: "24 December", "24.12.", "12/24", "2026-12-24", "the 1st". */
export function calendarDayAt(line: Line, at: number): Found | undefined {
  return longest([
    iso(line, at),
    numeric(line, at),
    dayThenMonth(line, at),
    monthThenDay(line, at),
    dayOfMonth(line, at),
    monthAlone(line, at),
  ]);
}

function iso(line: Line, at: number): Found | undefined {
  const match = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(wordAt(line, at));
  if (match === null) return undefined;
  return dated(at, at + 1, "sure", Number(match[1]), Number(match[2]), Number(match[3]));
}

/** Fractions and sayings that look like a day and a month. */
const NO_DATE = new Set(["24/7", "50/50", "9/11"]);

function numeric(line: Line, at: number): Found | undefined {
  const token = line.tokens[at];
  if (token === undefined || token.literal) return undefined;
  return slashed(line, at, token.word) ?? dotted(line, at, token.raw);
}

function slashed(line: Line, at: number, word: string): Found | undefined {
  const match = /^(\d{1,4})[/-](\d{1,2})(?:[/-](\d{2,4}))?$/.exec(word);
  if (match === null || NO_DATE.has(word)) return undefined;
  const [, first = "", second = "", third] = match;
  // "9-5" and "10-12" are spans.
  if (word.includes("-") && third === undefined) return undefined;
  if (first.length > 2) {
    return third === undefined ? undefined : dated(at, at + 1, "sure", Number(first), Number(second), Number(third));
  }
  const [day, month] = line.order === "MDY" ? [Number(second), Number(first)] : [Number(first), Number(second)];
  // What is impossible in the person's own order but exists in the other was copied from elsewhere.
  const isSwapped = month > 12 && day <= 12;
  const [shownDay, shownMonth] = isSwapped ? [month, day] : [day, month];
  const strength = third === undefined ? "edge" : "sure";
  return datedOrNext(line, at, at + 1, strength, shownDay, shownMonth, third);
}

function dotted(line: Line, at: number, raw: string): Found | undefined {
  const match = /^(\d{1,2})\.(\d{1,2})(\.(\d{2}|\d{4})?)?[,;:!?)]*$/.exec(raw);
  if (match === null) return undefined;
  const [, day, month, dot, year] = match;
  // "3.5" is a number elsewhere, and so is a version.
  if (dot === undefined && (!line.dots || Number(month) > 12)) return undefined;
  const strength = year !== undefined ? "sure" : dot === undefined ? "end" : "edge";
  return datedOrNext(line, at, at + 1, strength, Number(day), Number(month), year);
}

/** "3 dec", "3rd of december 2027", "3. Dezember". */
function dayThenMonth(line: Line, at: number): Found | undefined {
  const word = wordAt(line, at);
  const day = Number(ORDINAL_DAY.exec(word)?.[1] ?? (/^\d{1,2}$/.test(word) ? word : Number.NaN));
  if (Number.isNaN(day)) return undefined;
  const isOrdinal = line.tokens[at]?.after === ".";
  const place = isA(line, followingWord(line, at + 1, isOrdinal), "of") ? at + 2 : at + 1;
  return withMonth(line, at, place, place + 1, followingWord(line, place, isOrdinal && place === at + 1), day);
}

/** "december 3", "dec 3rd, 2027". */
function monthThenDay(line: Line, at: number): Found | undefined {
  const word = nextWord(line, at + 1);
  const isThe = isA(line, word, "the");
  const day = isThe ? nextWord(line, at + 2) : word;
  const number = Number(ORDINAL_DAY.exec(day)?.[1] ?? (/^\d{1,2}$/.test(day) ? day : Number.NaN));
  if (Number.isNaN(number)) return undefined;
  return withMonth(line, at, at, isThe ? at + 3 : at + 2, wordAt(line, at), number);
}

function withMonth(
  line: Line,
  from: number,
  monthAt: number,
  to: number,
  name: string,
  day: number,
): Found | undefined {
  const index = name === "" ? undefined : indexOf(line, "months", name);
  if (index === undefined || monthAt < 0) return undefined;
  const year = line.tokens[to - 1]?.after === "," ? wordAt(line, to) : nextWord(line, to);
  const hasYear = /^(?:19|20|21)\d{2}$/.test(year);
  // "2 may be enough"
  const strength = hasYear ? "sure" : name === "may" ? "end" : "edge";
  return datedOrNext(line, from, hasYear ? to + 1 : to, strength, day, index + 1, hasYear ? year : undefined);
}

/** "in march", "im März": its first day. */
function monthAlone(line: Line, at: number): Found | undefined {
  if (!isA(line, wordAt(line, at), "in", "of", "untilWords", "strongPrepositions")) return undefined;
  const index = indexOf(line, "months", nextWord(line, at + 1));
  if (monthThenDay(line, at + 1) !== undefined) return undefined;
  return index === undefined ? undefined : datedOrNext(line, at, at + 2, "edge", 1, index + 1, undefined);
}

/** "the 1st", "on the 15th", "am 15.": the next such day; months that lack it are passed over. */
function dayOfMonth(line: Line, at: number): Found | undefined {
  const isThe = isA(line, wordAt(line, at), "the");
  const place = isThe ? at + 1 : at;
  const token = line.tokens[place];
  if (token === undefined || token.literal) return undefined;
  const isIntroduced = isThe || isA(line, wordAt(line, at - 1), "strongPrepositions", "weakPrepositions", "every");
  const german =
    isIntroduced && line.order === "DMY" && /^\d{1,2}\.[,;:!?)]*$/.test(token.raw) ? token.word : undefined;
  const day = Number(ORDINAL_DAY.exec(token.word)?.[1] ?? german ?? Number.NaN);
  if (!(day >= 1 && day <= 31)) return undefined;
  const { today } = line.now;
  const { year, month } = partsOf(today);
  const first = calendarDate(year, month, 1) ?? today;
  for (let months = 0; months <= 12; months += 1) {
    const { year: inYear, month: inMonth } = partsOf(addMonths(first, months));
    const date = day <= daysInMonth(inYear, inMonth) ? calendarDate(inYear, inMonth, day) : null;
    if (date !== null && date >= today) return { from: at, to: place + 1, strength: "end", day: date };
  }
  return undefined;
}

/** Without a year the date is its next occurrence; 29 February waits for a leap year. */
function datedOrNext(
  line: Line,
  from: number,
  to: number,
  strength: Strength,
  day: number,
  month: number,
  year: string | undefined,
): Found | undefined {
  if (!isDayLike(month, day)) return undefined;
  if (year !== undefined)
    return dated(from, to, strength, year.length === 2 ? 2000 + Number(year) : Number(year), month, day);
  const { today } = line.now;
  const { year: current } = partsOf(today);
  for (let ahead = 0; ahead <= 8; ahead += 1) {
    const date: LocalDate | null = calendarDate(current + ahead, month, day);
    if (date !== null && date >= today) return { from, to, strength, day: date };
  }
  return { from, to, strength, impossible: { day, month } };
}

function dated(
  from: number,
  to: number,
  strength: Strength,
  year: number,
  month: number,
  day: number,
): Found | undefined {
  if (!isDayLike(month, day)) return undefined;
  const date = calendarDate(year, month, day);
  return date === null ? { from, to, strength, impossible: { day, month } } : { from, to, strength, day: date };
}

/** Whether numbers could be meant as a day and a month; "3.14" is a number. */
function isDayLike(month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/** Behind "3." a blank is all that separates, though a dot ends other phrases as little. */
function followingWord(line: Line, at: number, afterDot: boolean): string {
  return afterDot ? wordAt(line, at) : nextWord(line, at);
}

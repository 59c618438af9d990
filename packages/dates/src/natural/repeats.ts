import { calendarDayAt } from "./calendar-dates.ts";
import { weekdayAt } from "./days.ts";
import { type Found, longest, type Strength } from "./found.ts";
import { isA, type Line, meaningOf, nextWord, sequenceAt, wordAt } from "./line.ts";
import type { RepeatRule } from "./repeat-rule.ts";
import type { Unit } from "./vocabulary.ts";

const WORKDAYS = [1, 2, 3, 4, 5];
const WEEKEND = [6, 0];

/** What says that a task comes back: "every 3 days", "mondays", "monthly on the 15th", "mon and wed". */
export function repeatAt(line: Line, at: number): Found | undefined {
  return longest([every(line, at), adverb(line, at), weekdayList(line, at), weekdayOfMonth(line, at)]);
}

/** A rule and the index behind its words. */
interface Ruled {
  readonly rule: RepeatRule;
  readonly to: number;
  readonly time?: string;
}

function every(line: Line, at: number): Found | undefined {
  if (!isA(line, wordAt(line, at), "every")) return undefined;
  const afterCompletion = line.tokens[at]?.after.startsWith("!") === true;
  // "every!" counts from completion; its sign ends no phrase.
  const next = afterCompletion ? wordAt(line, at + 1) : nextWord(line, at + 1);
  const core = next === "" ? undefined : (everyCore(line, at + 1) ?? everyDate(line, at + 1));
  if (core === undefined) return undefined;
  const anchored = withAnchor(line, core);
  const completed = sequenceAt(
    line,
    anchored.to,
    line.languages.flatMap((language) => language.afterCompletion),
  );
  const rule = afterCompletion || completed !== undefined ? { ...anchored.rule, afterCompletion: true } : anchored.rule;
  return found(at, completed ?? anchored.to, "sure", rule, core.time);
}

function everyCore(line: Line, at: number): Ruled | undefined {
  const word = wordAt(line, at);
  const other = isA(line, word, "other") && !/^\d/.test(nextWord(line, at + 1));
  const count = other ? 2 : /^\d{1,3}$/.test(word) ? Number(word) : smallNumber(line, word);
  const place = count === undefined ? at : at + 1;
  const interval = count ?? 1;
  const named = place === at ? word : nextWord(line, place);
  if (interval === 0 || named === "") return undefined;

  const ordinal = ordinalAt(line, at);
  if (ordinal !== undefined) {
    const nth = nthOfMonth(line, at, ordinal);
    if (nth !== undefined) return nth;
  }
  const days = weekdaysAt(line, place);
  if (days !== undefined)
    return { rule: { frequency: "WEEKLY", interval, weekdays: days.weekdays }, to: days.to, ...timeOf(days) };
  if (isA(line, named, "workday"))
    return { rule: { frequency: "WEEKLY", interval, weekdays: WORKDAYS }, to: place + 1 };
  if (isA(line, named, "weekend")) return { rule: { frequency: "WEEKLY", interval, weekdays: WEEKEND }, to: place + 1 };
  const part = meaningOf(line, "dayParts", named);
  if (part !== undefined) return { rule: { frequency: "DAILY", interval }, to: place + 1, time: part };
  const unit = meaningOf(line, "units", named);
  if (unit !== undefined) return byUnit(unit, interval, place + 1);
  return undefined;
}

/** "every 15th", "jeden 15.", "every 3 dec": a day of each month, or of one. */
function everyDate(line: Line, at: number): Ruled | undefined {
  const date = calendarDayAt(line, at);
  if (date?.day === undefined) return undefined;
  const [, month, day] = date.day.split("-").map(Number);
  const isDayOnly = date.to === at + 1 && /^\d{1,2}(?:st|nd|rd|th)?$/.test(wordAt(line, at));
  return {
    rule: isDayOnly
      ? { frequency: "MONTHLY", interval: 1, monthDay: day ?? 1 }
      : { frequency: "YEARLY", interval: 1, month: month ?? 1, monthDay: day ?? 1 },
    to: date.to,
  };
}

function smallNumber(line: Line, word: string): number | undefined {
  const number = meaningOf(line, "numbers", word);
  return number === undefined || number === 1 ? undefined : number;
}

function byUnit(unit: Unit, interval: number, to: number): Ruled | undefined {
  switch (unit) {
    case "day":
      return { rule: { frequency: "DAILY", interval }, to };
    case "week":
      return { rule: { frequency: "WEEKLY", interval }, to };
    case "month":
      return { rule: { frequency: "MONTHLY", interval }, to };
    case "quarter":
      return { rule: { frequency: "MONTHLY", interval: 3 * interval, quarters: interval === 1 }, to };
    case "year":
      return { rule: { frequency: "YEARLY", interval }, to };
    default:
      return undefined;
  }
}

/** What says on which day: "on the 15th", "am 15.", "on friday", "on the last friday", "on 3 dec". */
function withAnchor(line: Line, { rule, to, time }: Ruled): Ruled {
  if (rule.weekdays !== undefined || rule.monthDay !== undefined || rule.frequency === "DAILY") return { rule, to };
  const preposition = nextWord(line, to);
  if (!isA(line, preposition, "strongPrepositions", "at", "of")) return { rule, to };
  const place = to + 1;
  if (nextWord(line, place) === "") return { rule, to };
  const days = weekdaysAt(line, place);
  if (rule.frequency === "WEEKLY")
    return days === undefined ? { rule, to } : { rule: { ...rule, weekdays: days.weekdays }, to: days.to };
  const start = isA(line, wordAt(line, place), "the") ? place + 1 : place;
  const ordinal = ordinalAt(line, start);
  const nth = ordinal === undefined ? undefined : weekdayAt(line, start + 1);
  if (ordinal !== undefined && nth !== undefined && rule.frequency === "MONTHLY") {
    return { rule: { ...rule, ordinal, weekdays: [nth.number] }, to: start + 2 };
  }
  if (ordinal === -1 && meaningOf(line, "units", nextWord(line, start + 1)) === "day") {
    return { rule: { ...rule, monthDay: -1 }, to: start + 2 };
  }
  const date = calendarDayAt(line, place);
  if (date?.day === undefined) return { rule, to, ...(time === undefined ? {} : { time }) };
  const [, month, day] = date.day.split("-").map(Number);
  const anchor = rule.frequency === "YEARLY" ? { month: month ?? 1, monthDay: day ?? 1 } : { monthDay: day ?? 1 };
  return { rule: { ...rule, ...anchor }, to: date.to };
}

/** "daily", "weekly on friday"; in English behind the text only, as "weekly report" names a thing. */
function adverb(line: Line, at: number): Found | undefined {
  const word = wordAt(line, at);
  const meaning = meaningOf(line, "adverbs", word);
  if (meaning === undefined) return undefined;
  if (meaning === "workday") {
    return found(at, at + 1, "edge", { frequency: "WEEKLY", interval: 1, weekdays: WORKDAYS });
  }
  const ruled = byUnit(meaning, word === "fortnightly" ? 2 : 1, at + 1);
  if (ruled === undefined) return undefined;
  const anchored = withAnchor(line, ruled);
  return found(at, anchored.to, anchored.to > at + 1 ? "sure" : word.endsWith("ly") ? "end" : "edge", anchored.rule);
}

/** "mondays", "on mondays and thursdays", "mon and wed"; one weekday alone is a date. */
function weekdayList(line: Line, at: number): Found | undefined {
  const days = weekdaysAt(line, at);
  if (days === undefined || (days.weekdays.length < 2 && !days.isEach)) return undefined;
  return found(at, days.to, "edge", { frequency: "WEEKLY", interval: 1, weekdays: days.weekdays }, days.time);
}

interface Weekdays {
  readonly weekdays: readonly number[];
  /** Named in a form that means each of them, such as "mondays". */
  readonly isEach: boolean;
  readonly to: number;
  readonly time?: string;
}

function weekdaysAt(line: Line, at: number): Weekdays | undefined {
  const weekdays: number[] = [];
  let isEach = false;
  let time: string | undefined;
  let place = at;
  for (let to = at; ; ) {
    const each = eachWeekday(line, wordAt(line, place));
    const named = each === undefined ? weekdayAt(line, place) : { number: each };
    const result =
      weekdays.length === 0 ? undefined : { weekdays, isEach, to, ...(time === undefined ? {} : { time }) };
    if (named === undefined) return result;
    weekdays.push(named.number);
    isEach ||= each !== undefined;
    time ??= "time" in named ? named.time : undefined;
    to = place + 1;
    const comma = line.tokens[place]?.after === ",";
    const following = comma ? wordAt(line, to) : nextWord(line, to);
    const isJoined = isA(line, following, "and");
    if (!comma && !isJoined) return { weekdays, isEach, to, ...(time === undefined ? {} : { time }) };
    place = isJoined ? to + 1 : to;
  }
}

function eachWeekday({ languages }: Line, word: string): number | undefined {
  return languages.map(({ everyWeekday }) => everyWeekday.indexOf(word)).find((index) => index >= 0);
}

/** "last friday of the month", "first monday of every month", "letzter Tag im Monat". */
function weekdayOfMonth(line: Line, at: number): Found | undefined {
  const start = isA(line, wordAt(line, at), "the") ? at + 1 : at;
  const ordinal = ordinalAt(line, start);
  const nth = ordinal === undefined ? undefined : nthOfMonth(line, start, ordinal);
  return nth?.ofMonth === true ? found(at, nth.to, "sure", nth.rule) : undefined;
}

function nthOfMonth(line: Line, at: number, ordinal: number): (Ruled & { ofMonth: boolean }) | undefined {
  const isDay = meaningOf(line, "units", nextWord(line, at + 1)) === "day";
  const weekday = isDay ? undefined : weekdayAt(line, at + 1);
  if (!isDay && weekday === undefined) return undefined;
  if (isDay && ordinal > 0) return undefined;
  let to = at + 2;
  const ofMonth = isA(line, nextWord(line, to), "of");
  if (ofMonth) {
    to += 1;
    if (isA(line, nextWord(line, to), "the", "every")) to += 1;
    if (meaningOf(line, "units", nextWord(line, to)) !== "month") return undefined;
    to += 1;
  }
  // "every second tuesday" without a month is every other week.
  if (!ofMonth && ordinal !== -1) return undefined;
  const on = weekday === undefined ? { monthDay: -1 } : { ordinal, weekdays: [weekday.number] };
  return { rule: { frequency: "MONTHLY", interval: 1, ...on }, to, ofMonth };
}

function ordinalAt(line: Line, at: number): number | undefined {
  const word = wordAt(line, at);
  if (isA(line, word, "last")) return -1;
  const digits = /^([1-5])(?:st|nd|rd|th)$/.exec(word)?.[1];
  return digits === undefined ? meaningOf(line, "ordinals", word) : Number(digits);
}

function timeOf({ time }: Weekdays): { time?: string } {
  return time === undefined ? {} : { time };
}

function found(from: number, to: number, strength: Strength, repeat: RepeatRule, time?: string): Found {
  return { from, to, strength, repeat, ...(time === undefined ? {} : { time }) };
}

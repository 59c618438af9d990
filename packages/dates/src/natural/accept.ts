import { calendarDayAt } from "./calendar-dates.ts";
import { namedDayAt } from "./days.ts";
import { type Found, longest } from "./found.ts";
import { isA, type Line, nextWord, wordAt } from "./line.ts";
import { markAt } from "./marks.ts";
import { repeatAt } from "./repeats.ts";
import { spanAt } from "./spans.ts";
import { timeAt } from "./times.ts";

/** Everything in the text that could be meant, from left to right, none overlapping another. */
export function candidates(line: Line): Found[] {
  const all: Found[] = [];
  for (let at = 0; at < line.tokens.length; ) {
    const span = rangeEnd(line, at);
    const found = span === undefined ? candidateAt(line, at) : undefined;
    if (found !== undefined) all.push(withPrepositions(line, found, all.at(-1)?.to ?? 0));
    at = span ?? found?.to ?? at + 1;
  }
  return all;
}

function candidateAt(line: Line, at: number): Found | undefined {
  if (wordAt(line, at) === "" && !/\d/.test(line.tokens[at]?.raw ?? "")) return undefined;
  return longest([repeatAt, spanAt, namedDayAt, calendarDayAt, timeAt, markAt].map((rule) => rule(line, at)));
}

/** "mon to fri", "9:00 - 11:00": a length of time, which a task has not. The index behind it. */
function rangeEnd(line: Line, at: number): number | undefined {
  const start = longest([namedDayAt(line, at), calendarDayAt(line, at), timeAt(line, at)]);
  if (start === undefined || !isA(line, wordAt(line, start.to), "to")) return undefined;
  // "buy milk friday until 5" and "bis" say when it is due.
  if (isA(line, wordAt(line, start.to), "strongPrepositions") && !isA(line, wordAt(line, at - 1), "strongPrepositions"))
    return undefined;
  const end = longest([namedDayAt, calendarDayAt, timeAt].map((rule) => rule(line, start.to + 1)));
  return end?.to;
}

/** Takes the words before that lead to it: "on", "due by", "for". */
function withPrepositions(line: Line, found: Found, free: number): Found {
  if (found.priority !== undefined || found.label !== undefined || found.tag !== undefined) return found;
  let from = found.from;
  let { strength } = found;
  for (; from > free; from -= 1) {
    const word = wordAt(line, from - 1);
    if (/[,:;!?.)]/.test(line.tokens[from - 1]?.after ?? "")) break;
    if (isA(line, word, "strongPrepositions")) strength = strength === "sure" || strength === "edge" ? "sure" : "edge";
    else if (!isA(line, word, "weakPrepositions") || (found.time !== undefined && found.day === undefined)) break;
    else if (strength === "beside") break;
  }
  const isNoun = from === found.from && isA(line, wordAt(line, from - 1), "nounMakers");
  return isNoun && (found.day !== undefined || found.time !== undefined)
    ? { ...found, from, strength: "beside" }
    : { ...found, head: found.from, from, strength };
}

/** The candidates that are meant, given what stands around them. */
export function accepted(line: Line, all: readonly Found[]): Found[] {
  const { length } = line.tokens;
  const isMeant = new Set<Found>(all.filter(({ strength }) => strength === "sure"));
  for (let before = -1; before !== isMeant.size; ) {
    before = isMeant.size;
    const starts = new Set([length, ...[...isMeant].map(({ from }) => from)]);
    const ends = new Set([...isMeant].map(({ to }) => to));
    for (const each of all) {
      const { strength, from, to } = each;
      const isBeside = (to !== length && starts.has(to)) || ends.has(from);
      const isAtEnd = to === length || reachesEnd(all, to, length);
      const isAtStart = from === 0 || reachesStart(all, from);
      const isTitled = isAtStart && /[:,]/.test(line.tokens[to - 1]?.after ?? "");
      if (isBeside) isMeant.add(each);
      else if (strength === "edge" && (isAtEnd || isAtStart || goesOn(line, each))) isMeant.add(each);
      else if (strength === "end" && (isAtEnd || isTitled)) isMeant.add(each);
    }
  }
  return all.filter((each) => isMeant.has(each));
}

/** "call mum fri about the party" */
function goesOn(line: Line, { to, day }: Found): boolean {
  return day !== undefined && isA(line, nextWord(line, to), "goesOn");
}

/** Whether nothing but candidates stands from a word to the end of the text. */
function reachesEnd(all: readonly Found[], from: number, length: number): boolean {
  let at = from;
  for (const each of all) if (each.from === at) at = each.to;
  return at === length;
}

function reachesStart(all: readonly Found[], to: number): boolean {
  let at = to;
  for (const each of all.toReversed()) if (each.to === at) at = each.from;
  return at === 0;
}

import { type Found, longest, type Strength } from "./found.ts";
import { isA, type Line, meaningOf, nextWord, wordAt } from "./line.ts";
import { clock } from "./spans.ts";

/** Times of day: "5pm", "at 4", "um 9 Uhr", "14h30", "noon", "in the morning". */
export function timeAt(line: Line, at: number): Found | undefined {
  return longest([clockTime(line, at), spokenTime(line, at), dayPart(line, at), bareHour(line, at)]);
}

const AFTERNOON_UNTIL = 6;

function clockTime(line: Line, at: number): Found | undefined {
  const isIntroduced = isA(line, wordAt(line, at), "at");
  const place = isIntroduced ? at + 1 : at;
  const word = isIntroduced ? nextWord(line, place) : wordAt(line, place);
  const match = /^(\d{1,2})(?:([:.h])(\d{2}))?(am|pm|a\.m|p\.m|h)?$/.exec(word);
  if (match === null) return undefined;
  const [, hours = "", separator, minutes, suffix] = match;
  const following = nextWord(line, place + 1);
  const half = suffix === undefined || suffix === "h" ? halfOfDay(line, following) : suffix.charAt(0);
  const hasHalf = half === "a" || half === "p";
  const isClock = suffix === "h" || separator === "h" || isA(line, following, "oClock");
  const ownTo = place + 1 + ((hasHalf && suffix === undefined) || (isClock && isA(line, following, "oClock")) ? 1 : 0);
  // "9 Uhr 30"
  const spoken =
    isA(line, following, "oClock") && minutes === undefined ? /^[0-5]\d$/.exec(nextWord(line, ownTo))?.[0] : undefined;
  const to = spoken === undefined ? ownTo : ownTo + 1;
  const minute = Number(minutes ?? spoken ?? 0);
  const hour = hourOf(Number(hours), half, separator === undefined && !isClock && !hasHalf);
  if (hour === undefined || minute > 59) return undefined;
  if (separator === "." && !isIntroduced && !isClock && !hasHalf) return undefined;
  const strength = strengthOf(line, {
    to,
    isIntroduced,
    isSure: separator === ":" || hasHalf || isA(line, following, "oClock"),
    isShort: isClock,
    hour,
  });
  const isOpen = !hasHalf && !hours.startsWith("0") && Number(hours) >= 1 && Number(hours) <= 12;
  return (
    strength && { from: at, to, strength, time: clock(hour, minute), ...(isOpen ? { openHour: Number(hours) } : {}) }
  );
}

/** "saturday 8": a number behind a day, with nothing behind it. */
function bareHour(line: Line, at: number): Found | undefined {
  const word = nextWord(line, at);
  if (at === 0 || !/^\d{1,2}$/.test(word) || at !== line.tokens.length - 1) return undefined;
  const hour = hourOf(Number(word), undefined, true);
  return hour === undefined ? undefined : { from: at, to: at + 1, strength: "beside", time: clock(hour, 0) };
}

function halfOfDay(line: Line, word: string): string | undefined {
  return isA(line, word, "am") ? "a" : isA(line, word, "pm") ? "p" : undefined;
}

function hourOf(hour: number, half: string | undefined, isBare: boolean): number | undefined {
  if (half !== undefined) return hour >= 1 && hour <= 12 ? (hour % 12) + (half === "p" ? 12 : 0) : undefined;
  if (hour > 23) return undefined;
  return isBare && hour >= 1 && hour <= AFTERNOON_UNTIL ? hour + 12 : hour;
}

interface Signs {
  readonly to: number;
  readonly isIntroduced: boolean;
  readonly isSure: boolean;
  /** Written with an "h", which is also a length: "run 2h". */
  readonly isShort: boolean;
  readonly hour: number;
}

function strengthOf(line: Line, { to, isIntroduced, isSure, isShort, hour }: Signs): Strength | undefined {
  if (isSure) return "sure";
  if (isShort) return isIntroduced ? "sure" : hour > AFTERNOON_UNTIL ? "end" : "beside";
  if (!isIntroduced) return undefined;
  // "at 4 with Bob", but not "look at 4 houses"
  return isA(line, nextWord(line, to), "goesOn") ? "sure" : "end";
}

/** "halb zehn", "viertel nach drei", "half past nine", "quarter to five". */
function spokenTime(line: Line, at: number): Found | undefined {
  const start = isA(line, wordAt(line, at), "at") ? at + 1 : at;
  const first = start === at ? wordAt(line, start) : nextWord(line, start);
  const second = nextWord(line, start + 1);
  const isHalf = first === "halb";
  const isPast = first === "half" && second === "past";
  const quarter = first === "viertel" || first === "quarter" ? second : "";
  const place = isHalf ? start + 1 : start + 2;
  if (!isHalf && !isPast && quarter === "") return undefined;
  const word = nextWord(line, place);
  const spoken = /^\d{1,2}$/.test(word) ? Number(word) : meaningOf(line, "numbers", word);
  if (spoken === undefined || spoken < 1 || spoken > 12) return undefined;
  const shift = isHalf
    ? -30
    : isPast
      ? 30
      : quarter === "nach" || quarter === "past"
        ? 15
        : quarter === "vor" || quarter === "to"
          ? -15
          : undefined;
  if (shift === undefined) return undefined;
  const minutes = (spoken % 12) * 60 + shift + (spoken <= AFTERNOON_UNTIL ? 12 * 60 : 0);
  const wrapped = (minutes + 24 * 60) % (24 * 60);
  const to = isA(line, nextWord(line, place + 1), "oClock") ? place + 2 : place + 1;
  return { from: at, to, strength: start > at ? "sure" : "edge", time: clock(Math.floor(wrapped / 60), wrapped % 60) };
}

/** "in the morning", "this evening", "at noon"; a bare "morning" belongs to the day beside it. */
function dayPart(line: Line, at: number): Found | undefined {
  const first = wordAt(line, at);
  const isThis = isA(line, first, "this");
  const isIn = isA(line, first, "in", "at") && !isThis;
  let place = isThis || isIn ? at + 1 : at;
  if (isIn && isA(line, nextWord(line, place), "the")) place += 1;
  const word = place === at ? first : nextWord(line, place);
  const time = meaningOf(line, "dayParts", word);
  if (time === undefined) return undefined;
  if (isThis) return { from: at, to: place + 1, strength: "sure", day: line.now.today, time, isDayPart: true };
  const isPoint = time === "12:00" || time === "00:00";
  return { from: at, to: place + 1, strength: isIn || isPoint ? "end" : "beside", time, isDayPart: true };
}

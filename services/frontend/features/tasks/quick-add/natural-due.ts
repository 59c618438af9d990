import {
  addDays,
  calendarDate,
  daysBetween,
  type LocalDate,
  MONTH_NAMES,
  nextWeekday,
  partsOf,
  WEEKDAY_NAMES,
  weekdayOf,
} from "@taskassistant/dates";

/** A typed line in parts: the title without the words of the date, the date, and those words. */
export interface ParsedTask {
  title: string;
  due: LocalDate | null;
  phrase: string | null;
}

const MONTH =
  "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?";
/** No bare "sun": people write "enjoy the sun". */
const WEEKDAY = "sunday|mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?";

interface Rule {
  pattern: string;
  read: (words: string[], today: LocalDate) => LocalDate | null;
}

const RULES: readonly Rule[] = [
  { pattern: "(today|tonight)", read: (_words, today) => today },
  { pattern: "(tomorrow|tmrw|tmr)", read: (_words, today) => addDays(today, 1) },
  { pattern: "in (a|one|\\d{1,3}) (days?|weeks?)", read: ([amount, unit], today) => inUnits(amount, unit, today) },
  { pattern: "next week", read: (_words, today) => nextWeekday(1, today) },
  { pattern: "this weekend", read: (_words, today) => (weekdayOf(today) === 6 ? today : nextWeekday(6, today)) },
  { pattern: `(next |this )?(${WEEKDAY})`, read: ([, day], today) => nextWeekday(weekdayNumber(day), today) },
  {
    pattern: "(\\d{4})-(\\d{2})-(\\d{2})",
    read: ([year, month, day]) => calendarDate(Number(year), Number(month), Number(day)),
  },
  {
    pattern: `(\\d{1,2})(?:st|nd|rd|th)?\\.? (${MONTH})(?: (\\d{4}))?`,
    read: ([day, month, year], today) => dayOfMonth(day, month, year, today),
  },
  {
    pattern: `(${MONTH}) (\\d{1,2})(?:st|nd|rd|th)?(?:,? (\\d{4}))?`,
    read: ([month, day, year], today) => dayOfMonth(day, month, year, today),
  },
];

/**
 * Reads a date in plain English at the end or the beginning of a task ("call mum fri", "tomorrow: pay rent").
 * Dates are in the future: "fri" on a Friday is the next one, "3 may" in June is next year's.
 * Words in the middle stay part of the title, and a date alone is a title.
 */
export function parseTask(text: string, today: LocalDate): ParsedTask {
  const trimmed = text.trim().replace(/\s+/g, " ");
  for (const { pattern, read } of RULES) {
    const edges = [
      new RegExp(`^(?<title>.+?)[,;:]? (?<phrase>(?:(?:due|by|on|until) )?${pattern})$`, "i"),
      new RegExp(`^(?<phrase>(?:(?:on|by) )?${pattern})[,:]? (?<title>.+)$`, "i"),
    ];
    for (const [edge, expression] of edges.entries()) {
      const match = expression.exec(trimmed);
      if (!match?.groups) continue;
      const words = match.slice(1).filter((_word, index) => index !== 0);
      const own = edge === 0 ? words.slice(1) : words.slice(0, -1);
      const due = read(own, today);
      const { title, phrase } = match.groups;
      if (due && title && phrase) return { title: capitalised(title), due, phrase };
    }
  }
  return { title: capitalised(trimmed), due: null, phrase: null };
}

function inUnits(amount: string | undefined, unit: string | undefined, today: LocalDate): LocalDate {
  const number = amount && /\d/.test(amount) ? Number(amount) : 1;
  return addDays(today, unit?.startsWith("week") ? number * 7 : number);
}

function weekdayNumber(word: string | undefined): number {
  return WEEKDAY_NAMES.findIndex((name) => name.startsWith(shortened(word)));
}

function dayOfMonth(day: string | undefined, month: string | undefined, year: string | undefined, today: LocalDate) {
  const number = MONTH_NAMES.findIndex((name) => name.startsWith(shortened(month))) + 1;
  if (year) return calendarDate(Number(year), number, Number(day));
  const { year: current } = partsOf(today);
  const thisYear = calendarDate(current, number, Number(day));
  if (thisYear && daysBetween(today, thisYear) >= 0) return thisYear;
  return calendarDate(current + 1, number, Number(day));
}

/** Names are told apart by their first three letters. */
function shortened(word = ""): string {
  return word.toLowerCase().slice(0, 3);
}

function capitalised(text: string): string {
  return text.charAt(0).toLocaleUpperCase("en") + text.slice(1);
}

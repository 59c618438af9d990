import { addDays, addMonths, type LocalDate, MONTH_NAMES, nextWeekday, WEEKDAY_NAMES } from "@taskassistant/dates";

const weekday = "(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?";
const month =
  "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
const number = "(?:\\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten)";

/** The text of a date as people write it; a preposition may stand before it. */
const DATE = [
  "(?:the )?day after tomorrow",
  "today|tonight|tomorrow|yesterday",
  `(?:next |this |coming )?${weekday}`,
  `in ${number} (?:days?|weeks?|months?)`,
  "next week|next month",
  "\\d{4}-\\d{2}-\\d{2}",
  `(?:the )?\\d{1,2}(?:st|nd|rd|th)?(?: of)? ${month}(?:,? \\d{4})?`,
  `${month} \\d{1,2}(?:st|nd|rd|th)?(?:,? \\d{4})?`,
  "the \\d{1,2}(?:st|nd|rd|th)",
].join("|");

const WHOLE = new RegExp(`^(?:(?:on|by|for|to|until|till|due|due on|due by)\\s+)?(${DATE})$`, "i");
const AT_END = new RegExp(`^(.+?)[,;]?\\s+(?:\\(?(?:on|by|for|until|till|due|due on|due by)\\s+)?(${DATE})\\)?$`, "i");
const AT_START = new RegExp(`^(?:(?:on|by|for)\\s+)?(${DATE})(?:\\s*[,:]\\s*|\\s+)(.+)$`, "i");

/** The date a text names, or undefined when it is not a date and nothing else. May be one that does not exist. */
export function parseDate(text: string, today: LocalDate): LocalDate | undefined {
  const match = WHOLE.exec(text.trim().replace(/[.!?]$/, ""));
  return match?.[1] === undefined ? undefined : dateOf(match[1].toLowerCase(), today);
}

/** Takes a date off the end of a text, or off its start: "buy milk on friday" -> "buy milk" and the date. */
export function splitDate(text: string, today: LocalDate): { rest: string; date?: string } {
  const end = AT_END.exec(text);
  if (end?.[1] !== undefined && end[2] !== undefined) {
    const date = dateOf(end[2].toLowerCase(), today);
    if (date !== undefined) return { rest: end[1].trim(), date };
  }
  const start = AT_START.exec(text);
  if (start?.[1] !== undefined && start[2] !== undefined) {
    const date = dateOf(start[1].toLowerCase(), today);
    if (date !== undefined) return { rest: start[2].replace(/^to /i, "").trim(), date };
  }
  return { rest: text.trim() };
}

function dateOf(phrase: string, today: LocalDate): LocalDate | undefined {
  if (/^\d{4}-/.test(phrase)) return phrase;
  if (phrase.endsWith("day after tomorrow")) return addDays(today, 2);
  const fixed: Record<string, LocalDate> = {
    today,
    tonight: today,
    tomorrow: addDays(today, 1),
    yesterday: addDays(today, -1),
    "next week": nextWeekday(MONDAY, today),
    "next month": addMonths(today, 1),
  };
  if (Object.hasOwn(fixed, phrase)) return fixed[phrase];
  return (
    relativeDate(phrase, today) ?? weekdayDate(phrase, today) ?? monthDate(phrase, today) ?? dayOfMonth(phrase, today)
  );
}

const MONDAY = 1;
const NUMBERS = ["a", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

function relativeDate(phrase: string, today: LocalDate): LocalDate | undefined {
  const match = /^in (\S+) (day|week|month)s?$/.exec(phrase);
  if (match?.[1] === undefined) return undefined;
  const word = match[1] === "an" ? "one" : match[1];
  const count = /^\d/.test(word) ? Number(word) : Math.max(1, NUMBERS.indexOf(word));
  if (match[2] === "month") return addMonths(today, count);
  return addDays(today, match[2] === "week" ? count * 7 : count);
}

function weekdayDate(phrase: string, today: LocalDate): LocalDate | undefined {
  const match = /^(next |this |coming )?([a-z]+)$/.exec(phrase);
  const index = WEEKDAY_NAMES.findIndex((name) => match?.[2] !== undefined && name.startsWith(match[2].slice(0, 3)));
  if (index < 0) return undefined;
  return match?.[1] === "next " ? weekdayOfNextWeek(index, today) : nextWeekday(index, today);
}

/** The weekday (0 is Sunday) in the week that starts on the next Monday. */
function weekdayOfNextWeek(weekday: number, today: LocalDate): LocalDate {
  return addDays(nextWeekday(MONDAY, today), (weekday + 6) % 7);
}

/** "24 December", "December 24th 2027": without a year the next one from today on. */
function monthDate(phrase: string, today: LocalDate): LocalDate | undefined {
  const day = /\b(\d{1,2})(?:st|nd|rd|th)?\b/.exec(phrase)?.[1];
  const index = MONTH_NAMES.findIndex((name) => new RegExp(`\\b${name.slice(0, 3)}`).test(phrase));
  if (day === undefined || index < 0) return undefined;
  const monthAndDay = `${String(index + 1).padStart(2, "0")}-${day.padStart(2, "0")}`;
  const year = /\b\d{4}\b/.exec(phrase)?.[0];
  if (year !== undefined) return `${year}-${monthAndDay}`;
  const thisYear = `${today.slice(0, 4)}-${monthAndDay}`;
  return thisYear >= today ? thisYear : `${Number(today.slice(0, 4)) + 1}-${monthAndDay}`;
}

/** "the 1st": the next such day from today on; months that lack the day are passed over. */
function dayOfMonth(phrase: string, today: LocalDate): LocalDate | undefined {
  const day = /^the (\d{1,2})(?:st|nd|rd|th)$/.exec(phrase)?.[1]?.padStart(2, "0");
  if (day === undefined) return undefined;
  const firstOfMonth = `${today.slice(0, 7)}-01`;
  for (let months = 0; months <= 12; months += 1) {
    const date = addDays(addMonths(firstOfMonth, months), Number(day) - 1);
    if (date.slice(8) === day && date >= today) return date;
  }
  return undefined;
}

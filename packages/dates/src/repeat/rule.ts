import { calendarDate, type LocalDate } from "../local-date.ts";

/** A weekday of a rule; `ordinal` is which of the month, negative from its end. */
export interface RuleDay {
  readonly weekday: number;
  readonly ordinal: number | undefined;
}

/** The rules of RFC 5545 that name days and no more than one a day. */
export interface Rule {
  readonly frequency: "DAILY" | "WEEKLY" | "MONTHLY" | "YEARLY";
  readonly interval: number;
  readonly days: readonly RuleDay[];
  /** 1 to 31, or negative from the month's end. */
  readonly monthDays: readonly number[];
  /** 1 to 12. */
  readonly months: readonly number[];
  /** First day of the week, 0 is Sunday. */
  readonly weekStart: number;
  readonly until: LocalDate | undefined;
  readonly count: number | undefined;
}

/** The text is no rule that tasks can repeat by. The message says what is wrong, for people and models. */
export class RuleError extends Error {
  override name = "RuleError";
}

const WEEKDAYS = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];
const FREQUENCIES = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"] as const;
const KEYS = ["FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "WKST", "UNTIL", "COUNT"];
const INTERVAL_MAX = 400;
const COUNT_MAX = 10_000;

/** Reads an RRULE without its name, such as `FREQ=WEEKLY;BYDAY=MO`. Throws RuleError. */
export function readRule(text: string): Rule {
  const parts = new Map<string, string>();
  for (const part of text.split(";")) {
    const [key = "", value = "", ...more] = part.split("=");
    if (!KEYS.includes(key)) throw new RuleError(`${key || part} is not a part of a rule; they are ${KEYS.join(", ")}`);
    if (value === "" || more.length > 0) throw new RuleError(`${key} has no value that can be read`);
    if (parts.has(key)) throw new RuleError(`${key} stands there twice`);
    parts.set(key, value);
  }
  const frequency = FREQUENCIES.find((name) => name === parts.get("FREQ"));
  if (frequency === undefined) throw new RuleError(`FREQ must be one of ${FREQUENCIES.join(", ")}`);
  if (parts.has("UNTIL") && parts.has("COUNT")) throw new RuleError("give UNTIL or COUNT, not both");
  const months = listOf(parts, "BYMONTH", (value) => whole("BYMONTH", value, 1, 12));
  const days = listOf(parts, "BYDAY", ruleDay);
  const hasOrdinal = days.some(({ ordinal }) => ordinal !== undefined);
  if (hasOrdinal && !(frequency === "MONTHLY" || (frequency === "YEARLY" && months.length > 0)))
    throw new RuleError("a numbered weekday such as 2TU needs FREQ=MONTHLY, or FREQ=YEARLY with BYMONTH");
  const monthDays = listOf(parts, "BYMONTHDAY", monthDay);
  if (monthDays.length > 0 && frequency === "WEEKLY") throw new RuleError("BYMONTHDAY does not go with FREQ=WEEKLY");
  const count = parts.get("COUNT");
  const until = parts.get("UNTIL");
  return {
    frequency,
    interval: whole("INTERVAL", parts.get("INTERVAL") ?? "1", 1, INTERVAL_MAX),
    days,
    monthDays,
    months,
    weekStart: weekdayNamed("WKST", parts.get("WKST") ?? "MO"),
    until: until === undefined ? undefined : untilDay(until),
    count: count === undefined ? undefined : whole("COUNT", count, 1, COUNT_MAX),
  };
}

function listOf<Value>(parts: ReadonlyMap<string, string>, key: string, read: (text: string) => Value): Value[] {
  return (parts.get(key)?.split(",") ?? []).map(read);
}

function whole(key: string, text: string, min: number, max: number): number {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new RuleError(`${key} must be a whole number from ${min} to ${max}`);
}

function monthDay(text: string): number {
  const day = whole("BYMONTHDAY", text.replace(/^[+-]/, ""), 1, 31);
  return text.startsWith("-") ? -day : day;
}

function ruleDay(text: string): RuleDay {
  const [, sign, number, name = ""] = /^([+-]?)(\d?)([A-Z]{2})$/.exec(text) ?? [];
  const weekday = weekdayNamed("BYDAY", name);
  if (number === undefined || number === "") return { weekday, ordinal: undefined };
  const ordinal = whole("the number of a weekday", number, 1, 5);
  return { weekday, ordinal: sign === "-" ? -ordinal : ordinal };
}

function weekdayNamed(key: string, name: string): number {
  const weekday = WEEKDAYS.indexOf(name);
  if (weekday < 0) throw new RuleError(`${key} must name weekdays as ${WEEKDAYS.join(", ")}`);
  return weekday;
}

function untilDay(text: string): LocalDate {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})(?:T\d{6}Z?)?$/.exec(text) ?? [];
  const date = calendarDate(Number(year), Number(month), Number(day));
  if (date === null) throw new RuleError("UNTIL is not a day; write it as YYYYMMDD");
  return date;
}

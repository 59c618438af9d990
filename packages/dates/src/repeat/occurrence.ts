import { addDays, type LocalDate, partsOf } from "../local-date.ts";
import { nextDay } from "./next-day.ts";
import { type Rule, RuleError, readRule } from "./rule.ts";

/** An occurrence of a task that repeats, as it is completed. */
export interface Completed {
  /** RRULE of RFC 5545 without its name. */
  readonly repeat: string;
  readonly from: "due" | "completion";
  readonly due: LocalDate;
  /** Which of its series, from 1. */
  readonly occurrence: number;
  /** The person's day on which it is completed. */
  readonly today: LocalDate;
}

/** The occurrence after one. */
export interface NextOccurrence {
  readonly due: LocalDate;
  /** The rule from here on. */
  readonly repeat: string;
}

/**
 * What comes after a completed occurrence, or undefined when it was the last. Counted from the due day, it is the first after
 * that day which is not over yet, so a person who was away is not asked for what they missed. Throws RuleError.
 */
export function nextOccurrence({ repeat, from, due, occurrence, today }: Completed): NextOccurrence | undefined {
  const rule = readRule(repeat);
  if (rule.count !== undefined && occurrence >= rule.count) return undefined;
  const start = from === "completion" ? today : due;
  const yesterday = addDays(today, -1);
  const after = start > yesterday ? start : yesterday;
  const next = nextDay(rule, start, after);
  return next === undefined ? undefined : { due: next, repeat: anchored(repeat, rule, start) };
}

/** Throws RuleError for a text that is no rule, or one that names no day after the first. */
export function assertRepeats(repeat: string, due: LocalDate): void {
  const rule = readRule(repeat);
  if (nextDay({ ...rule, until: undefined }, due, due) !== undefined) return;
  throw new RuleError("the rule names no day that the calendar has");
}

/** "Monthly" from 31 January is on 28 February and on 31 March again: the rule keeps the day that a short month hides. */
function anchored(repeat: string, rule: Rule, start: LocalDate): string {
  const byDate = rule.frequency === "MONTHLY" || rule.frequency === "YEARLY";
  if (!byDate || rule.days.length > 0 || rule.monthDays.length > 0) return repeat;
  const { month, day } = partsOf(start);
  if (day <= 28) return repeat;
  const monthPart = rule.frequency === "YEARLY" && rule.months.length === 0 ? `;BYMONTH=${month}` : "";
  return `${repeat}${monthPart};BYMONTHDAY=${day}`;
}

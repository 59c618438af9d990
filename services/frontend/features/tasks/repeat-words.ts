import { formatLocalDate, type Rule, readRule } from "@taskassistant/dates";
import { words } from "./words.ts";

/** A day whose weekday is 0, to name weekdays by. */
const A_SUNDAY = 4;

/** A rule in words, such as `Every 2 weeks on Tue`; the rule itself when the words for it are missing. */
export function repeatWords(repeat: string, from: "due" | "completion", locale: string): string {
  const said = inWords(repeat, locale);
  return from === "completion" ? words.repeats.afterDone(said) : said;
}

function inWords(repeat: string, locale: string): string {
  let rule: Rule;
  try {
    rule = readRule(repeat);
  } catch {
    return repeat;
  }
  const every = words.repeats.every[rule.frequency](rule.interval);
  const on = dayWords(rule, locale);
  if (on === undefined) return repeat;
  if (rule.frequency === "WEEKLY" && rule.interval === 1 && isWorkdays(rule)) return words.repeats.workdays;
  return [every, on].filter((part) => part !== "").join(" ");
}

function isWorkdays({ days }: Rule): boolean {
  return days.map(({ weekday }) => weekday).join() === "1,2,3,4,5";
}

/** What follows "every month"; undefined for a rule that there are no words for. */
function dayWords({ days, monthDays, months, frequency }: Rule, locale: string): string | undefined {
  const named = days.map(({ weekday, ordinal }) => {
    const day = formatLocalDate(`2026-01-${String(A_SUNDAY + weekday).padStart(2, "0")}`, locale, { weekday: "short" });
    return ordinal === undefined ? day : words.repeats.numbered(ordinal, day);
  });
  const [month] = months;
  const [monthDay] = monthDays;
  if (months.length > 1 || monthDays.length > 1 || (monthDays.length > 0 && days.length > 0)) return undefined;
  if (month !== undefined) {
    if (frequency !== "YEARLY" || named.length > 0 || monthDay === undefined || monthDay < 0) return undefined;
    const date = `2024-${String(month).padStart(2, "0")}-${String(monthDay).padStart(2, "0")}`;
    return words.repeats.on(formatLocalDate(date, locale, { day: "numeric", month: "short" }));
  }
  if (named.length > 0) return words.repeats.on(named.join(", "));
  return monthDay === undefined ? "" : words.repeats.onDay(monthDay);
}

import {
  addDays,
  calendarDate,
  daysInMonth,
  type LocalDate,
  localDateIn,
  nextWeekday,
  partsOf,
  WEEKDAY_NAMES,
  weekdayOf,
} from "@taskassistant/dates";

type Weekday = (typeof WEEKDAY_NAMES)[number];

/** What people call days, at one moment and in one zone. A name with two usual readings gives both. */
export interface Calendar {
  /** IANA name. */
  readonly zone: string;
  readonly today: LocalDate;
  /** Some days from today; negative for days that are over. */
  in(days: number): LocalDate;
  /** The next day of this English name. On such a day it may also be today. */
  weekday(name: Weekday): readonly LocalDate[];
  /** The next such day of a month. On such a day it may also be today. */
  dayOfMonth(day: number): readonly LocalDate[];
  /** The next such date, today included. The month counts from 1. */
  date(month: number, day: number): LocalDate;
  endOfMonth(): LocalDate;
}

export function calendarOf(now: Date, zone: string): Calendar {
  const today = localDateIn(now, zone);
  const { year, month } = partsOf(today);
  const orToday = (isToday: boolean, next: LocalDate) => (isToday ? [today, next] : [next]);
  const firstFrom = (from: LocalDate, fits: (day: LocalDate) => boolean): LocalDate =>
    fits(from) ? from : firstFrom(addDays(from, 1), fits);
  return {
    zone,
    today,
    in: (days) => addDays(today, days),
    weekday: (name) => {
      const weekday = WEEKDAY_NAMES.indexOf(name);
      return orToday(weekdayOf(today) === weekday, nextWeekday(weekday, today));
    },
    dayOfMonth: (day) => {
      const isDay = (date: LocalDate) => partsOf(date).day === day;
      return orToday(isDay(today), firstFrom(addDays(today, 1), isDay));
    },
    date: (inMonth, day) => {
      const thisYear = calendarDate(year, inMonth, day);
      const date = thisYear !== null && thisYear >= today ? thisYear : calendarDate(year + 1, inMonth, day);
      if (date === null) throw new Error(`no ${day}/${inMonth} in ${year} or ${year + 1}`);
      return date;
    },
    endOfMonth: () => `${today.slice(0, 8)}${daysInMonth(year, month)}`,
  };
}

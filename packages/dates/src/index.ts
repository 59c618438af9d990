export { formatLocalDate, MONTH_NAMES, WEEKDAY_NAMES } from "./format.ts";
export {
  addDays,
  addMonths,
  calendarDate,
  type DateParts,
  daysBetween,
  daysInMonth,
  endOfWeek,
  type LocalDate,
  nextWeekday,
  partsOf,
  weekdayOf,
} from "./local-date.ts";
export {
  type Dropped,
  type ImpossibleDate,
  type LocalTime,
  type Part,
  type PartKind,
  type Reading,
  type ReadOptions,
  type Repeat,
  readTask,
  type Surroundings,
} from "./natural/index.ts";
export { assertRepeats, type Completed, type NextOccurrence, nextOccurrence } from "./repeat/occurrence.ts";
export { type Rule, type RuleDay, RuleError, readRule } from "./repeat/rule.ts";
export { localDateIn, startOfDay } from "./zone.ts";

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
export { localDateIn, startOfDay } from "./zone.ts";

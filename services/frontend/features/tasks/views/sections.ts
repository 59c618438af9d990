import type { Task } from "@taskassistant/contracts";
import { addDays, formatLocalDate, type LocalDate, localDateIn } from "@taskassistant/dates";
import { formatDue } from "../format-date.ts";
import type { TaskGroups } from "../task-groups.ts";
import { words } from "../words.ts";
import type { TaskView } from "./task-view.ts";

/** Tasks below one heading. */
export interface TaskSection {
  /** Unique in its view. */
  readonly id: string;
  readonly title: string;
  readonly tasks: readonly Task[];
  readonly overdue?: true;
  /** The title says how many there are. */
  readonly counted?: true;
}

/** The sections of a view that shows what is due. Those without tasks are left out. */
export function dueSections(view: TaskView, groups: TaskGroups, today: LocalDate, locale: string): TaskSection[] {
  const titles = words.groups;
  const section = (id: keyof TaskGroups, title: string): TaskSection => ({ id, title, tasks: groups[id] });
  const overdue: TaskSection = { ...section("overdue", titles.overdue), overdue: true };
  const noDate = section("noDate", titles.noDate);
  const done = section("done", titles.done);
  const sections =
    view === "upcoming"
      ? [...byDay(groups.upcoming, (task) => task.due, today, locale), noDate]
      : view === "today"
        ? [overdue, section("today", titles.dueToday), done]
        : [overdue, section("today", titles.today), section("upcoming", titles.upcoming), noDate, done];
  return sections.filter(({ tasks }) => tasks.length > 0);
}

/** Completed tasks by the day on which they were completed, the newest first. */
export function doneSections(
  tasks: readonly Task[],
  today: LocalDate,
  locale: string,
  timeZone?: string,
): TaskSection[] {
  const done = tasks
    .filter(({ completed_at }) => completed_at !== null)
    .sort((a, b) => ((a.completed_at ?? "") < (b.completed_at ?? "") ? 1 : -1));
  const dayOf = ({ completed_at }: Task) => completed_at && localDateIn(new Date(completed_at), timeZone);
  return byDay(done, dayOf, today, locale);
}

function byDay(
  tasks: readonly Task[],
  dayOf: (task: Task) => LocalDate | null,
  today: LocalDate,
  locale: string,
): TaskSection[] {
  const days = Map.groupBy(tasks, dayOf);
  return [...days].flatMap(([day, ofDay]) =>
    day === null ? [] : [{ id: day, title: dayTitle(day, today, locale), tasks: ofDay }],
  );
}

/** A day as a heading, such as `Tomorrow · Saturday 28 November`. */
export function dayTitle(day: LocalDate, today: LocalDate, locale: string): string {
  const year = day.slice(0, 4) === today.slice(0, 4) ? {} : ({ year: "numeric" } as const);
  const long = formatLocalDate(day, locale, { weekday: "long", day: "numeric", month: "long", ...year });
  const near = [addDays(today, -1), today, addDays(today, 1)].includes(day);
  return near ? `${formatDue(day, today, locale)} · ${long}` : long;
}

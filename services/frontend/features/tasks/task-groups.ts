import type { Task } from "@taskassistant/contracts";
import { type LocalDate, localDateIn } from "@taskassistant/dates";

export type TaskGroupName = "overdue" | "today" | "upcoming" | "noDate" | "done";
export type TaskGroups = Record<TaskGroupName, readonly Task[]>;

interface GroupOptions {
  /** IANA name; the process's own zone unless given. */
  readonly timeZone?: string;
  /** Tasks that keep their place although they are done. */
  readonly lingering?: ReadonlySet<string>;
}

/** Groups open tasks by when they are due, and tasks completed on this day in this time zone. */
export function groupTasks(tasks: readonly Task[], today: LocalDate, options: GroupOptions = {}): TaskGroups {
  const groups: Record<TaskGroupName, Task[]> = { overdue: [], today: [], upcoming: [], noDate: [], done: [] };
  for (const task of tasks) {
    const name = groupOf(task, today, options);
    if (name) groups[name].push(task);
  }
  for (const name of ["overdue", "today", "upcoming", "noDate"] as const) groups[name].sort(byDueThenTime);
  groups.done.sort((a, b) => order(b.completed_at ?? "", a.completed_at ?? ""));
  return groups;
}

/** How many of the tasks due by today, or completed today, are done. */
export function progressOf(groups: TaskGroups): { done: number; total: number } {
  const shown = [...groups.done, ...groups.overdue, ...groups.today];
  return { done: shown.filter((task) => task.done).length, total: shown.length };
}

function groupOf(task: Task, today: LocalDate, { timeZone, lingering }: GroupOptions): TaskGroupName | null {
  if (task.done && !lingering?.has(task.id)) {
    return task.completed_at && localDateIn(new Date(task.completed_at), timeZone) === today ? "done" : null;
  }
  if (task.due === null) return "noDate";
  if (task.due < today) return "overdue";
  return task.due === today ? "today" : "upcoming";
}

function byDueThenTime(a: Task, b: Task): number {
  // On a day, what has a time comes first, then what matters most.
  const byTime = order(a.due_time ?? "24", b.due_time ?? "24") || (a.priority ?? 4) - (b.priority ?? 4);
  return order(a.due ?? "", b.due ?? "") || byTime || order(a.created_at, b.created_at) || order(a.id, b.id);
}

/** Dates, instants and ids sort as plain text, which is many times faster than a comparison for a language. */
function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

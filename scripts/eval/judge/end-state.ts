import { TASK_DEFAULTS, type Task } from "@taskassistant/contracts";

/** What is judged of a task: everything that people set. */
export interface JudgedTask
  extends Pick<
    Task,
    "title" | "notes" | "done" | "priority" | "due" | "due_time" | "due_zone" | "repeat" | "repeat_from"
  > {
  readonly trashed: boolean;
}

/** A task as a scenario writes it: its title and what differs from a new task. */
export type WrittenTask = Pick<JudgedTask, "title"> & Partial<JudgedTask>;

/** What a conversation left behind. */
export interface EndState {
  /** The person's time zone. */
  readonly zone: string;
  /** The tasks from before, by the names their scenario gives them. */
  readonly before: Readonly<Record<string, JudgedTask>>;
  /** The same tasks now. One that is missing is gone for good. */
  readonly now: Readonly<Record<string, JudgedTask>>;
  readonly added: readonly JudgedTask[];
}

/** A task with the values of a new one where nothing else is given. */
export function judged(task: WrittenTask): JudgedTask {
  const { notes, done, priority, due, due_time, due_zone, repeat, repeat_from } = { ...TASK_DEFAULTS, ...task };
  return {
    title: task.title,
    notes,
    done,
    priority,
    due,
    due_time,
    due_zone,
    repeat,
    repeat_from,
    trashed: task.trashed ?? false,
  };
}

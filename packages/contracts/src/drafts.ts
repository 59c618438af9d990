import type { NewTask, Task, TaskPatch } from "./tasks.ts";

/**
 * The values of a new task that its creator leaves out. The schemas take their defaults from here. This file is also
 * available as `@taskassistant/contracts/drafts`: it imports no schemas, so a browser can use it.
 */
export const TASK_DEFAULTS = {
  notes: "",
  done: false,
  priority: 4,
  due: null,
  due_time: null,
  due_zone: null,
  repeat: null,
  repeat_from: "due",
  occurrence: 1,
  project: null,
  tags: [] as string[],
  completed_at: null,
} as const satisfies Partial<Task>;

/** The fields of a task that can be emptied; `TASK_DEFAULTS` has their empty values. */
export const CLEARABLE_FIELDS = [
  "notes",
  "due",
  "due_time",
  "repeat",
  "project",
  "tags",
] as const satisfies (keyof typeof TASK_DEFAULTS & keyof TaskPatch)[];

/** The task that the server will create from these fields. A client shows it until the server answers. */
export function draftTask(id: string, fields: NewTask, at: string): Task {
  return { ...TASK_DEFAULTS, ...given(fields), id, version: 1, created_at: at, updated_at: at };
}

/** The task as the server will change it. A client shows it until the server answers. */
export function patchedTask(task: Task, patch: TaskPatch, at: string): Task {
  const changed = { ...task, ...given(patch) };
  return { ...changed, ...withoutDue(changed), completed_at: changed.done ? (task.completed_at ?? at) : null };
}

/** Without a day there is no time, no zone and no repetition. */
function withoutDue({ due }: Task): Partial<Task> {
  return due === null ? { due_time: null, due_zone: null, repeat: null } : {};
}

type Given<Fields> = { [Name in keyof Fields]: Exclude<Fields[Name], undefined> };

/** The fields without those that are undefined, which must not take the place of a value. */
function given<Fields extends object>(fields: Fields): Given<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<Fields>;
}

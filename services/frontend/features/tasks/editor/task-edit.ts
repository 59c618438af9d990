import type { Task, TaskPatch } from "@taskassistant/contracts";
import { browserTimeZone } from "../../workspace/locale.ts";

/** The fields of a task as a person edits them. What a task does not have is an empty text. */
export interface TaskEdit {
  title: string;
  due: string;
  due_time: string;
  due_zone: string;
  repeat: string;
  repeat_from: string;
  priority: string;
  project: string;
  /** With commas between them. */
  tags: string;
  notes: string;
}

/** The fields of a task as it is opened. A server of an older release leaves the newer ones out. */
export function editOf(task: Task): TaskEdit {
  return {
    title: task.title,
    due: task.due ?? "",
    due_time: task.due_time ?? "",
    due_zone: task.due_zone ?? "",
    repeat: task.repeat ?? "",
    repeat_from: task.repeat_from ?? "due",
    priority: String(task.priority ?? 4),
    project: task.project ?? "",
    tags: (task.tags ?? []).join(", "),
    notes: task.notes,
  };
}

/** The fields that were changed since the task was opened, or null when none was. */
export function patchOf(opened: Task, edit: TaskEdit): TaskPatch | null {
  const title = edit.title.trim();
  const before = editOf(opened);
  const patch: TaskPatch = {
    ...(title !== opened.title && { title }),
    ...(edit.notes !== before.notes && { notes: edit.notes }),
    ...(edit.priority !== before.priority && { priority: Number(edit.priority) }),
    ...(edit.project.trim() !== before.project && { project: edit.project.trim() || null }),
    ...(tagsOf(edit).join() !== tagsOf(before).join() && { tags: tagsOf(edit) }),
    ...(edit.due !== before.due && { due: edit.due || null }),
    // The time and the rule go with the day.
    ...(edit.due !== "" && patchOfDay(before, edit)),
  };
  return Object.keys(patch).length === 0 ? null : patch;
}

function tagsOf({ tags }: TaskEdit): string[] {
  const names = tags.split(",").map((tag) => tag.trim());
  return names.filter((name) => name !== "");
}

function patchOfDay(before: TaskEdit, edit: TaskEdit): TaskPatch {
  const isSet = (field: "due_time" | "repeat") => edit[field] !== "" && edit[field] !== before[field];
  // A time and a rule are meant where the person is.
  const zone = edit.due_zone || (isSet("due_time") || isSet("repeat") ? browserTimeZone() : "");
  return {
    ...(edit.due_time !== before.due_time && { due_time: edit.due_time || null }),
    ...(zone !== before.due_zone && { due_zone: zone || null }),
    ...(edit.repeat !== before.repeat && { repeat: edit.repeat || null }),
    ...(edit.repeat_from !== before.repeat_from && {
      repeat_from: edit.repeat_from === "completion" ? "completion" : "due",
    }),
  };
}

/** After a change elsewhere: fields the person edited keep their text, the others show the new values. */
export function rebased(before: TaskEdit, edit: TaskEdit, after: TaskEdit): TaskEdit {
  const fields = Object.keys(after) as (keyof TaskEdit)[];
  return Object.fromEntries(
    fields.map((field) => [field, edit[field] === before[field] ? after[field] : edit[field]]),
  ) as Record<keyof TaskEdit, string>;
}

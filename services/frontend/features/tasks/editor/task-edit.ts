import type { Task, TaskPatch } from "@taskassistant/contracts";

/** The fields of a task as a person edits them. No date is an empty text. */
export interface TaskEdit {
  title: string;
  due: string;
  notes: string;
}

/** The fields of a task as it is opened. */
export function editOf({ title, due, notes }: Task): TaskEdit {
  return { title, due: due ?? "", notes };
}

/** The fields that were changed since the task was opened, or null when none was. */
export function patchOf(opened: Task, edit: TaskEdit): TaskPatch | null {
  const title = edit.title.trim();
  const due = edit.due === "" ? null : edit.due;
  const patch: TaskPatch = {
    ...(title !== opened.title && { title }),
    ...(edit.notes !== opened.notes && { notes: edit.notes }),
    ...(due !== opened.due && { due }),
  };
  return Object.keys(patch).length === 0 ? null : patch;
}

/** After a change elsewhere: fields the person edited keep their text, the others show the new values. */
export function rebased(opened: Task, edit: TaskEdit, now: Task): TaskEdit {
  const [before, after] = [editOf(opened), editOf(now)];
  return {
    title: edit.title === before.title ? after.title : edit.title,
    due: edit.due === before.due ? after.due : edit.due,
    notes: edit.notes === before.notes ? after.notes : edit.notes,
  };
}

import type { Task, TaskPatch } from "@taskassistant/contracts";

/** The fields of a task as a person edits them; no date is an empty text. */
export type TaskEdit = { title: string; due: string; notes: string };

/** What the fields hold when a task is opened. */
export function editOf({ title, due, notes }: Task): TaskEdit {
  return { title, due: due ?? "", notes };
}

/** What to send: only what was changed since the task was opened. Null when nothing was. */
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

/** The task was changed elsewhere: the fields the person has touched stay theirs, the others show what is new. */
export function rebased(opened: Task, edit: TaskEdit, now: Task): TaskEdit {
  const [before, after] = [editOf(opened), editOf(now)];
  return {
    title: edit.title === before.title ? after.title : edit.title,
    due: edit.due === before.due ? after.due : edit.due,
    notes: edit.notes === before.notes ? after.notes : edit.notes,
  };
}

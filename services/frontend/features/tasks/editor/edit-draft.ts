import type { Task } from "@taskassistant/contracts";
import type { DraftPlace } from "../../../lib/drafts.ts";
import { editOf, patchOf, rebased, type TaskEdit } from "./task-edit.ts";

/** Edits of one task that were typed and neither saved nor thrown away. */
export interface EditDraft {
  /** The edits on top of the task as it is now, or null when there are none. */
  restore(task: Task): TaskEdit | null;
  keep(opened: Task, edit: TaskEdit): void;
  discard(): void;
}

export function createEditDraft(place: DraftPlace): EditDraft {
  return {
    restore(task) {
      const draft = parsed(place.read());
      if (draft === null) return null;
      const edit = rebased({ ...task, ...draft.opened, due: draft.opened.due || null }, draft.edit, task);
      return patchOf(task, edit) === null ? null : edit;
    },
    keep(opened, edit) {
      const isChanged = patchOf(opened, edit) !== null;
      place.write(isChanged ? JSON.stringify({ opened: editOf(opened), edit }) : "");
    },
    discard: () => place.write(""),
  };
}

function parsed(text: string): { opened: TaskEdit; edit: TaskEdit } | null {
  if (text === "") return null;
  try {
    const { opened, edit } = JSON.parse(text) as { opened?: unknown; edit?: unknown };
    return isEdit(opened) && isEdit(edit) ? { opened, edit } : null;
  } catch {
    return null;
  }
}

function isEdit(value: unknown): value is TaskEdit {
  const { title, due, notes } = (value ?? {}) as Record<string, unknown>;
  return [title, due, notes].every((field) => typeof field === "string");
}

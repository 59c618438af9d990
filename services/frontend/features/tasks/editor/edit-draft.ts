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
      const draft = parsed(place.read(), editOf(task));
      if (draft === null) return null;
      const edit = rebased(draft.opened, draft.edit, editOf(task));
      return patchOf(task, edit) === null ? null : edit;
    },
    keep(opened, edit) {
      const isChanged = patchOf(opened, edit) !== null;
      place.write(isChanged ? JSON.stringify({ opened: editOf(opened), edit }) : "");
    },
    discard: () => place.write(""),
  };
}

/** A draft of an older page has fewer fields; the others are the task's. */
function parsed(text: string, now: TaskEdit): { opened: TaskEdit; edit: TaskEdit } | null {
  if (text === "") return null;
  try {
    const { opened, edit } = JSON.parse(text) as { opened?: unknown; edit?: unknown };
    if (!isEdit(opened) || !isEdit(edit)) return null;
    const before = { ...now, ...opened };
    return { opened: before, edit: { ...before, ...edit } };
  } catch {
    return null;
  }
}

function isEdit(value: unknown): value is TaskEdit {
  const { title, due, notes } = (value ?? {}) as Record<string, unknown>;
  return [title, due, notes].every((field) => typeof field === "string");
}

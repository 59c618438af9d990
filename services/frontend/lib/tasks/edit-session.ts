import type { Task } from "@taskassistant/contracts";
import { ApiError } from "../data/api-error.ts";
import { explain } from "../data/explain.ts";
import { strings } from "../strings.ts";
import { editOf, patchOf, rebased, type TaskEdit } from "./task-edit.ts";
import type { TaskStore } from "./task-store.ts";

export type EditState = {
  edit: TaskEdit;
  saving: boolean;
  /** Saving was tried without a title. */
  untitled: boolean;
  /** Why the latest try to save failed, as a sentence. */
  problem: string | null;
};

export type EditSessionDeps = {
  tasks: Pick<TaskStore, "patch" | "refresh" | "getSnapshot">;
  task: Task;
  onClose: () => void;
  onSaved: (task: Task) => void;
  /** The changes were refused when the editor was no longer on the page. */
  onLost: (sentence: string) => void;
};

/**
 * One task being edited, from opening to saving. While it saves nothing can be typed and the editor can't be left: what
 * is refused is still there to be tried again. After a change elsewhere the next try is on top of that.
 */
export function createEditSession({ tasks, task, onClose, onSaved, onLost }: EditSessionDeps) {
  const listeners = new Set<() => void>();
  let opened = task;
  let state: EditState = { edit: editOf(task), saving: false, untitled: false, problem: null };

  const publish = (change: Partial<EditState>) => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };

  const change = (fields: Partial<TaskEdit>) => {
    if (state.saving) return;
    publish({ edit: { ...state.edit, ...fields }, untitled: state.untitled && fields.title === undefined });
  };

  /** Closes the editor; false while it saves. */
  const leave = (): boolean => {
    if (state.saving) return false;
    onClose();
    return true;
  };

  const save = async (): Promise<void> => {
    if (state.saving) return;
    if (state.edit.title.trim() === "") return publish({ untitled: true });
    const patch = patchOf(opened, state.edit);
    if (patch === null) return onClose();
    publish({ saving: true, problem: null });
    try {
      onSaved(await tasks.patch(task.id, patch, opened.version));
    } catch (cause) {
      const lost = failed(cause);
      publish({ ...(await afterFailure(cause)), saving: false });
      // The page was arranged anew and the editor went with it.
      if (listeners.size === 0) onLost(lost);
      return;
    }
    if (listeners.size > 0) onClose();
  };

  const afterFailure = async (cause: unknown): Promise<Partial<EditState>> => {
    const status = cause instanceof ApiError ? cause.status : undefined;
    if (status === 412 || status === 409) {
      await tasks.refresh(true);
      const now = tasks.getSnapshot().tasks.find(({ id }) => id === task.id);
      if (now === undefined) return { problem: strings.editor.gone };
      const edit = rebased(opened, state.edit, now);
      opened = now;
      return { edit, problem: strings.editor.conflict };
    }
    return { problem: status === 404 ? strings.editor.gone : failed(cause) };
  };

  const failed = (cause: unknown) => `${strings.tasks.saveFailed(opened.title)} ${explain(cause).sentence}`;

  return {
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    getSnapshot: () => state,
    change,
    leave,
    save,
  };
}

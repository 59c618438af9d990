import type { Task } from "@taskassistant/contracts";
import { ApiError } from "../../../lib/errors/api-error.ts";
import { explain } from "../../../lib/errors/explain.ts";
import { createStore } from "../../../lib/store.ts";
import type { TaskStore } from "../store/task-store.ts";
import { words } from "../words.ts";
import type { EditDraft } from "./edit-draft.ts";
import { editOf, patchOf, rebased, type TaskEdit } from "./task-edit.ts";

export interface EditState {
  edit: TaskEdit;
  saving: boolean;
  /** What is shown was typed earlier and not saved. */
  restored: boolean;
  /** The person tried to save without a title. */
  untitled: boolean;
  /** Why the latest attempt to save failed, as a sentence. */
  problem: string | null;
}

export interface EditSessionDeps {
  tasks: Pick<TaskStore, "patch" | "get">;
  task: Task;
  draft: EditDraft;
  onClose: () => void;
  onSaved: (task: Task) => void;
  /** The server refused the changes when the editor was no longer on the page. */
  onLost: (sentence: string) => void;
}

/**
 * One task being edited, from opening to saving. While it saves, the fields are locked and the editor can't be left, so
 * that a refused edit is still there to be tried again. After a change elsewhere, the next try builds on that change.
 */
export function createEditSession({ tasks, task, draft, onClose, onSaved, onLost }: EditSessionDeps) {
  const typed = draft.restore(task);
  const { subscribe, getSnapshot, publish, isFollowed } = createStore<EditState>({
    edit: typed ?? editOf(task),
    saving: false,
    restored: typed !== null,
    untitled: false,
    problem: null,
  });
  let opened = task;

  function change(fields: Partial<TaskEdit>): void {
    const { edit, saving, untitled } = getSnapshot();
    if (saving) return;
    const changed = { ...edit, ...fields };
    draft.keep(opened, changed);
    publish({ edit: changed, untitled: untitled && fields.title === undefined });
  }

  /** Throws the edits away and shows the task as it is. */
  function discard(): void {
    if (getSnapshot().saving) return;
    draft.discard();
    publish({ edit: editOf(opened), restored: false, untitled: false, problem: null });
  }

  /** Throws the edits away and closes the editor. */
  function cancel(): void {
    if (leave()) draft.discard();
  }

  /** Closes the editor; the edits wait for the next time. Returns false, and leaves it open, while it saves. */
  function leave(): boolean {
    if (getSnapshot().saving) return false;
    onClose();
    return true;
  }

  async function save(): Promise<void> {
    const { edit, saving } = getSnapshot();
    if (saving) return;
    if (edit.title.trim() === "") return publish({ untitled: true });
    const patch = patchOf(opened, edit);
    if (patch === null) {
      draft.discard();
      return onClose();
    }
    publish({ saving: true, problem: null });
    try {
      const saved = await tasks.patch(task.id, patch, opened.version);
      draft.discard();
      onSaved(saved);
    } catch (cause) {
      const lost = failed(cause);
      publish({ ...(await afterFailure(cause)), saving: false });
      // The layout has changed and the editor went with it.
      if (!isFollowed()) onLost(lost);
      return;
    }
    if (isFollowed()) onClose();
  }

  async function afterFailure(cause: unknown): Promise<Partial<EditState>> {
    const status = cause instanceof ApiError ? cause.status : undefined;
    // The page's lists may lack the task: it may be done, found by a search or opened by a link.
    if (status === 412) return tasks.get(task.id).then(buildOn, afterFailure);
    return { problem: status === 404 ? words.editor.gone : failed(cause) };
  }

  function buildOn(now: Task): Partial<EditState> {
    const edit = rebased(editOf(opened), getSnapshot().edit, editOf(now));
    opened = now;
    return { edit, problem: words.editor.conflict };
  }

  function failed(cause: unknown): string {
    return `${words.saveFailed(opened.title)} ${explain(cause).sentence}`;
  }

  return { subscribe, getSnapshot, change, leave, cancel, discard, save };
}

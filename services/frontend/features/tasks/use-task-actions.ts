"use client";

import type { NewTask, Task } from "@taskassistant/contracts";
import { useMemo } from "react";
import { ApiError } from "../../lib/errors/api-error.ts";
import { explain } from "../../lib/errors/explain.ts";
import { useToast } from "../../ui/toasts.tsx";
import { words as uiWords } from "../../ui/words.ts";
import { editOf, patchOf } from "./editor/task-edit.ts";
import type { UndoStep } from "./store/undo-history.ts";
import { useTaskStore } from "./tasks-context.ts";
import { words } from "./words.ts";

/**
 * Adding, completing, reopening and trashing: shown at once, taken back by a button or step by step by Ctrl+Z, and rolled
 * back with an explanation when the server refuses.
 */
export function useTaskActions() {
  const tasks = useTaskStore();
  const toast = useToast();
  return useMemo(() => {
    const { history } = tasks;
    const failed = (what: string, title: string, error: unknown) => {
      const gone = error instanceof ApiError && error.status === 404;
      const text = gone ? words.gone(title) : `${what} ${explain(error).sentence}`;
      toast({ text, tone: "error" });
    };
    /** Whether a change was taken back; says so when it was not. */
    const takenBack = (work: Promise<unknown>, refused: string, title: string): Promise<boolean> =>
      work.then(
        () => true,
        (error: unknown) => {
          failed(refused, title, error);
          return false;
        },
      );
    /** Does what a change says, and remembers how to take it back for as long as the server has not refused it. */
    const carryOut = async (change: {
      said: string;
      step: UndoStep;
      run: () => Promise<unknown>;
      refused: string;
      title: string;
    }) => {
      const takeBack = history.record(change.step);
      toast({ text: change.said, action: { label: uiWords.undo, run: () => void takeBack() } });
      try {
        await change.run();
      } catch (error) {
        history.forget(change.step);
        failed(change.refused, change.title, error);
      }
    };

    const setDone = (task: Task, done: boolean): Promise<void> => {
      const refused = words.saveFailed(task.title);
      const undo = () => takenBack(tasks.patch(task.id, { done: !done }), refused, task.title);
      return carryOut({
        said: done ? words.completed(task.title) : words.reopened(task.title),
        step: { undone: done ? words.reopened(task.title) : words.completed(task.title), undo },
        run: () => tasks.patch(task.id, { done }),
        refused,
        title: task.title,
      });
    };

    const remove = (task: Task): Promise<void> => {
      const removing = tasks.remove(task.id);
      // Only what has arrived in the trash can be taken out of it.
      const undo = () =>
        removing.then(
          () => takenBack(tasks.restore(task.id), words.restoreFailed(task.title), task.title),
          () => false,
        );
      return carryOut({
        said: words.removed(task.title),
        step: { undone: words.restored(task.title), undo },
        run: () => removing,
        refused: words.removeFailed(task.title),
        title: task.title,
      });
    };

    /** Rejects when the server refuses, so that the typed text can be given back. */
    const add = async (input: NewTask): Promise<Task> => {
      const task = await tasks.add(input);
      const undo = () => takenBack(tasks.remove(task.id), words.removeFailed(task.title), task.title);
      history.record({ undone: words.removed(task.title), undo });
      return task;
    };

    /** Remembers how to take an edit back. */
    const recordEdit = (before: Task, after: Task): void => {
      const back = patchOf(after, editOf(before));
      if (back === null) return;
      const refused = words.saveFailed(after.title);
      const undo = () => takenBack(tasks.patch(after.id, back), refused, after.title);
      history.record({ undone: words.editUndone(before.title), undo });
    };

    /** Takes the latest change back and says what that did. */
    const undoLast = async (): Promise<void> => {
      const undone = await history.undoLast();
      if (undone !== "failed") toast({ text: undone === "nothing" ? words.nothingToUndo : undone.undone });
    };
    return { add, setDone, remove, recordEdit, undoLast };
  }, [tasks, toast]);
}

"use client";

import type { Task } from "@taskassistant/contracts";
import { useMemo } from "react";
import { ApiError } from "../../lib/errors/api-error.ts";
import { explain } from "../../lib/errors/explain.ts";
import { useToast } from "../../ui/toasts.tsx";
import { words as uiWords } from "../../ui/words.ts";
import { useTaskStore } from "./tasks-context.ts";
import { words } from "./words.ts";

/** Completing, reopening and trashing: shown at once, undoable, and rolled back with an explanation when it fails. */
export function useTaskActions() {
  const tasks = useTaskStore();
  const toast = useToast();
  return useMemo(() => {
    const failed = (what: string, title: string, error: unknown) => {
      const gone = error instanceof ApiError && error.status === 404;
      const text = gone ? words.gone(title) : `${what} ${explain(error).sentence}`;
      toast({ text, tone: "error" });
    };
    const setDone = async (task: Task, done: boolean, undoable = true): Promise<void> => {
      const text = done ? words.completed(task.title) : words.reopened(task.title);
      toast(
        undoable ? { text, action: { label: uiWords.undo, run: () => void setDone(task, !done, false) } } : { text },
      );
      try {
        await tasks.patch(task.id, { done });
      } catch (error) {
        failed(words.saveFailed(task.title), task.title, error);
      }
    };
    const remove = async (task: Task): Promise<void> => {
      const removing = tasks.remove(task.id);
      const putBack = async (): Promise<void> => {
        const removed = await removing.then(
          () => true,
          () => false,
        );
        if (!removed) return;
        await tasks.restore(task.id).catch((error) => failed(words.restoreFailed(task.title), task.title, error));
      };
      toast({
        text: words.removed(task.title),
        action: { label: uiWords.undo, run: () => void putBack() },
      });
      try {
        await removing;
      } catch (error) {
        failed(words.removeFailed(task.title), task.title, error);
      }
    };
    return { setDone, remove };
  }, [tasks, toast]);
}

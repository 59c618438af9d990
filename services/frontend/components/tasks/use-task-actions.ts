"use client";

import type { Task } from "@taskassistant/contracts";
import { useMemo } from "react";
import { ApiError } from "../../lib/data/api-error.ts";
import { explain } from "../../lib/data/explain.ts";
import { strings } from "../../lib/strings.ts";
import { useWorkspace } from "../shell/workspace-context.ts";
import { useToast } from "../ui/toasts.tsx";

/** Completing, reopening and trashing, each shown at once, undoable, and taken back with a true sentence on failure. */
export function useTaskActions() {
  const { tasks } = useWorkspace();
  const toast = useToast();
  return useMemo(() => {
    const failed = (what: string, title: string, error: unknown) => {
      const gone = error instanceof ApiError && error.status === 404;
      const text = gone ? strings.tasks.gone(title) : `${what} ${explain(error).sentence}`;
      toast({ text, tone: "error" });
    };
    const setDone = async (task: Task, done: boolean, undoable = true): Promise<void> => {
      const text = done ? strings.tasks.completed(task.title) : strings.tasks.reopened(task.title);
      toast(
        undoable ? { text, action: { label: strings.undo, run: () => void setDone(task, !done, false) } } : { text },
      );
      try {
        await tasks.patch(task.id, { done });
      } catch (error) {
        failed(strings.tasks.saveFailed(task.title), task.title, error);
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
        await tasks.putBack(task).catch((error) => failed(strings.tasks.putBackFailed(task.title), task.title, error));
      };
      toast({
        text: strings.tasks.removed(task.title),
        action: { label: strings.undo, run: () => void putBack() },
      });
      try {
        await removing;
      } catch (error) {
        failed(strings.tasks.removeFailed(task.title), task.title, error);
      }
    };
    return { setDone, remove };
  }, [tasks, toast]);
}

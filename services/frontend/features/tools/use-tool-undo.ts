"use client";

import type { Task } from "@taskassistant/contracts";
import { useToast } from "../../ui/toasts.tsx";
import { useTaskStore, useTasks } from "../tasks/tasks-context.ts";
import type { CardView } from "./describe-calls.ts";
import { words } from "./words.ts";

/**
 * Undoes what a card did, or null when that is not possible. It is decided by the tasks as they are now, so after a reload
 * it is possible as well, and no longer when somebody has changed the tasks since.
 */
export function useToolUndo(card: CardView): (() => void) | null {
  const store = useTaskStore();
  const { tasks } = useTasks();
  const toast = useToast();
  if (card.state !== "done" || card.undo === null) return null;
  if (card.undo === "restore") {
    const gone = card.tasks.filter(({ id }) => !tasks.some((task) => task.id === id));
    return gone.length === 0 ? null : () => settle(gone.map(({ id }) => store.restore(id)));
  }

  const touched = card.tasks.map((task) => tasks.find((now) => now.id === task.id && now.version === task.version));
  const live = touched.filter((task): task is Task => task !== undefined);
  if (live.length === 0 || live.length < card.tasks.length) return null;

  return () =>
    settle(
      live.map((task) =>
        card.undo === "remove" ? store.remove(task.id) : store.patch(task.id, { done: false }, task.version),
      ),
    );

  function settle(undone: readonly Promise<unknown>[]): void {
    void Promise.allSettled(undone).then((results) => {
      const failed = results.some(({ status }) => status === "rejected");
      toast(failed ? { text: words.undoFailed, tone: "error" } : { text: words.undone });
    });
  }
}

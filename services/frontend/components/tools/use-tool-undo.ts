"use client";

import type { Task } from "@taskassistant/contracts";
import type { ToolCard } from "../../lib/chat/tool-cards.ts";
import { strings } from "../../lib/strings.ts";
import { useTasks, useWorkspace } from "../shell/workspace-context.ts";
import { useToast } from "../ui/toasts.tsx";

/**
 * Takes back what a card did, or null when there is nothing to take back: the offer comes from the tasks as they are
 * now, so it is gone after a reload too when somebody has changed them since.
 */
export function useToolUndo(card: ToolCard): (() => void) | null {
  const { tasks: store } = useWorkspace();
  const { tasks } = useTasks();
  const toast = useToast();
  if (card.state !== "done" || (card.kind !== "add" && card.kind !== "complete")) return null;

  const touched = card.tasks.map((task) => tasks.find((now) => now.id === task.id && now.version === task.version));
  const live = touched.filter((task): task is Task => task !== undefined);
  if (live.length === 0 || live.length < card.tasks.length) return null;

  return () => {
    const undone = live.map((task) =>
      card.kind === "add" ? store.remove(task.id) : store.patch(task.id, { done: false }, task.version),
    );
    void Promise.allSettled(undone).then((results) => {
      const failed = results.some(({ status }) => status === "rejected");
      toast(failed ? { text: strings.tools.undoFailed, tone: "error" } : { text: strings.tools.undone });
    });
  };
}

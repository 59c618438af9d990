"use client";

import type { Task } from "@taskassistant/contracts";
import { useEffect, useState } from "react";
import { ApiError } from "../../../lib/errors/api-error.ts";
import { explain } from "../../../lib/errors/explain.ts";
import { useToast } from "../../../ui/toasts.tsx";
import { TaskEditor } from "../editor/task-editor.tsx";
import { useTaskStore, useTasks } from "../tasks-context.ts";
import { words } from "../words.ts";

/** The editor of the task in the address, which may be one that no list on the page has. */
export function OpenTask({ id, onClose }: { id: string; onClose: () => void }) {
  const store = useTaskStore();
  const toast = useToast();
  const { tasks, status } = useTasks();
  const [task, setTask] = useState<Task | null>(() => tasks.find((candidate) => candidate.id === id) ?? null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: once the lists are there
  useEffect(() => {
    if (task !== null || status === "loading") return;
    const known = tasks.find((candidate) => candidate.id === id);
    if (known !== undefined) return setTask(known);
    let over = false;
    store.get(id).then(
      (found) => over || setTask(found),
      (error: unknown) => {
        if (over) return;
        const gone = error instanceof ApiError && error.status === 404;
        toast({ text: gone ? words.editor.gone : explain(error).sentence, tone: "error" });
        onClose();
      },
    );
    return () => {
      over = true;
    };
  }, [id, status]);

  useEffect(() => () => void setTimeout(() => focusNear(id), 50), [id]);
  return task && <TaskEditor task={task} onClose={onClose} />;
}

/** Saving may have moved the task to another group: the focus follows it, or stays near if it is gone. */
function focusNear(id: string): void {
  if (document.activeElement !== document.body) return;
  (document.getElementById(`task-${id}`) ?? document.getElementById("quick-add"))?.focus();
}

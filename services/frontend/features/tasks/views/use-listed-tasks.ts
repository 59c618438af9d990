"use client";

import type { Task } from "@taskassistant/contracts";
import { useEffect, useMemo, useState } from "react";
import type { TaskFilter } from "../../../lib/api.ts";
import { useTaskStore, useTasks } from "../tasks-context.ts";

export type ListFilter = Omit<TaskFilter, "limit" | "cursor">;

interface Listed {
  key: string;
  tasks: readonly Task[];
  total: number;
  error: unknown;
}

const NOTHING: readonly Task[] = [];
/** How long the list waits after a change of the page's own tasks before it asks again, in milliseconds. */
const SETTLE_MS = 250;

/**
 * Tasks that the page does not hold, from the server: loaded anew when the tasks of the page change, and shown with the
 * changes that are under way. `filter` null asks for nothing. `again` tries once more after an error.
 */
export function useListedTasks(filter: ListFilter | null) {
  const store = useTaskStore();
  const { tasks: held } = useTasks();
  const key = filter === null ? "" : JSON.stringify(filter);
  const read = useMemo(() => store.createReader(), [store]);
  const [listed, setListed] = useState<Listed | null>(null);
  const [attempt, setAttempt] = useState(0);
  const known = listed?.key === key ? listed : null;

  // biome-ignore lint/correctness/useExhaustiveDependencies: `held` and `attempt` ask again
  useEffect(() => {
    if (key === "") return;
    let over = false;
    const load = async () => {
      try {
        const { tasks, total } = await read(JSON.parse(key));
        if (!over) setListed({ key, tasks, total, error: null });
      } catch (error) {
        if (!over)
          setListed((before) => ({ ...(before?.key === key ? before : { tasks: NOTHING, total: 0 }), key, error }));
      }
    };
    const timer = setTimeout(load, known === null ? 0 : SETTLE_MS);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [key, read, held, attempt]);

  const tasks = useMemo(() => {
    const now = new Map(held.map((task) => [task.id, task]));
    return (known?.tasks ?? NOTHING).map((task) => {
      const other = now.get(task.id);
      return other !== undefined && other.version >= task.version ? other : task;
    });
  }, [known, held]);
  return {
    loading: key !== "" && known === null,
    error: known?.error ?? null,
    tasks,
    total: known?.total ?? 0,
    /** Number of tasks that were found and not loaded. */
    hidden: Math.max(0, (known?.total ?? 0) - (known?.tasks.length ?? 0)),
    again: () => setAttempt((count) => count + 1),
  };
}

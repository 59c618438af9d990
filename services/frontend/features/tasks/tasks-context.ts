"use client";

import { useMemo } from "react";
import { requiredContext } from "../../lib/required-context.ts";
import { useStore } from "../../lib/store.ts";
import { useWorkspace } from "../workspace/workspace-context.ts";
import type { TaskState, TaskStore } from "./store/task-store.ts";
import { groupTasks, type TaskGroups } from "./task-groups.ts";

const [TasksContext, useTaskStore] = requiredContext<TaskStore>("The task store");

export { TasksContext, useTaskStore };

/** The tasks as they are now. */
export function useTasks(): TaskState {
  return useStore(useTaskStore());
}

/** The tasks as the panel shows them, grouped for today. It sorts all of them, so don't call it for each row. */
export function useGroupedTasks(): TaskState & { groups: TaskGroups } {
  const { today } = useWorkspace();
  const state = useTasks();
  const { tasks, lingering } = state;
  const groups = useMemo(() => groupTasks(tasks, today, { lingering }), [tasks, lingering, today]);
  return { ...state, groups };
}

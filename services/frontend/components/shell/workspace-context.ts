"use client";

import type { Me } from "@taskassistant/contracts";
import { createContext, useContext, useMemo, useSyncExternalStore } from "react";
import type { Chats } from "../../lib/chat/chats.ts";
import type { Conversations } from "../../lib/chat/conversations.ts";
import type { Api } from "../../lib/data/api.ts";
import type { Auth, SignedInUser } from "../../lib/data/auth.ts";
import type { LocalDate } from "../../lib/dates/local-date.ts";
import { groupTasks, type TaskGroups } from "../../lib/tasks/task-groups.ts";
import type { TaskState, TaskStore } from "../../lib/tasks/task-store.ts";

/** What every part of the signed-in page shares. */
export type Workspace = {
  api: Api;
  auth: Auth;
  me: Me;
  user: SignedInUser;
  tasks: TaskStore;
  chats: Chats;
  conversations: Conversations;
  today: LocalDate;
  locale: string;
  timeZone: string;
};

export const WorkspaceContext = createContext<Workspace | null>(null);

/** The workspace; only below `WorkspaceProvider`. */
export function useWorkspace(): Workspace {
  const workspace = useContext(WorkspaceContext);
  if (workspace === null) throw new Error("useWorkspace is used outside of the workspace");
  return workspace;
}

/** The tasks as they are. */
export function useTasks(): TaskState {
  const { tasks } = useWorkspace();
  return useSyncExternalStore(tasks.subscribe, tasks.getSnapshot, tasks.getSnapshot);
}

/** The tasks as the panel shows them, grouped for today. Sorts all of them: not for each row. */
export function useGroupedTasks(): TaskState & { groups: TaskGroups } {
  const { today } = useWorkspace();
  const state = useTasks();
  const groups = useMemo(() => groupTasks(state.tasks, today), [state.tasks, today]);
  return { ...state, groups };
}

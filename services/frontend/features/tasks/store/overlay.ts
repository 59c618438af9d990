import type { NewTask, Task, TaskPatch } from "@taskassistant/contracts";

/** A change the person made that the server has not confirmed yet. */
export type PendingChange =
  | { kind: "add"; id: string; input: NewTask; at: string }
  | { kind: "patch"; id: string; patch: TaskPatch; at: string }
  | { kind: "remove"; id: string };

/** The server's tasks with the unconfirmed changes applied: what the panel shows. */
export function withPending(tasks: readonly Task[], pending: readonly PendingChange[]): readonly Task[] {
  return pending.reduce<readonly Task[]>(apply, tasks);
}

function apply(tasks: readonly Task[], change: PendingChange): readonly Task[] {
  switch (change.kind) {
    case "add":
      return [...tasks, draftTask(change.id, change.input, change.at)];
    case "remove":
      return tasks.filter((task) => task.id !== change.id);
    case "patch":
      return tasks.map((task) => (task.id === change.id ? patched(task, change.patch, change.at) : task));
  }
}

function draftTask(id: string, input: NewTask, at: string): Task {
  return {
    id,
    title: input.title,
    notes: input.notes ?? "",
    done: false,
    due: input.due ?? null,
    version: 1,
    created_at: at,
    updated_at: at,
    completed_at: null,
  };
}

function patched(task: Task, patch: TaskPatch, at: string): Task {
  const done = patch.done ?? task.done;
  return {
    ...task,
    title: patch.title ?? task.title,
    notes: patch.notes ?? task.notes,
    due: patch.due === undefined ? task.due : patch.due,
    done,
    completed_at: done ? (task.completed_at ?? at) : null,
  };
}

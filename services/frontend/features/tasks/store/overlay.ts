import type { NewTask, Task, TaskPatch } from "@taskassistant/contracts";
import { draftTask, patchedTask } from "@taskassistant/contracts/drafts";

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
      return tasks.map((task) => (task.id === change.id ? patchedTask(task, change.patch, change.at) : task));
  }
}

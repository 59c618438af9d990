import type { NewTask, Task, TaskPatch } from "@taskassistant/contracts";
import { draftTask, patchedTask } from "@taskassistant/contracts/drafts";

/** A change the person made that the server has not confirmed yet. */
export type PendingChange =
  | { kind: "add"; id: string; input: NewTask; at: string }
  | { kind: "patch"; id: string; patch: TaskPatch; at: string }
  | { kind: "remove"; id: string }
  | { kind: "several"; changes: SeveralChanges; at: string };

/** What becomes of several tasks: a patch, or null for the trash. */
export type SeveralChanges = ReadonlyMap<string, TaskPatch | null>;

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
    case "several":
      return tasks.flatMap((task) => {
        const patch = change.changes.get(task.id);
        if (patch === null) return [];
        return [patch === undefined ? task : patchedTask(task, patch, change.at)];
      });
    case "patch":
      return tasks.map((task) => (task.id === change.id ? patchedTask(task, change.patch, change.at) : task));
  }
}

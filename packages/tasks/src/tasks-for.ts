import type { NewTask, Task, TaskPage, TaskPatch, TaskQuery } from "@taskassistant/contracts";
import type { Database } from "@taskassistant/db";
import { addTask, type BulkResult, completeTasks, deleteTasks, updateTask } from "./change-tasks.ts";
import { getTask, listTasks } from "./read-tasks.ts";

/**
 * One user's tasks: the only way to tasks, for every tier. Inputs are parsed by the contracts (ZodError when wrong).
 * Each call is one transaction, and each statement names the user besides row-level security.
 */
export interface Tasks {
  /** Ordered by due date (tasks without one last), then by creation. Throws InvalidCursorError. */
  list(query: TaskQuery): Promise<TaskPage>;
  /** Throws TaskNotFoundError. */
  get(id: string): Promise<Task>;
  add(task: NewTask): Promise<Task>;
  /** Throws TaskNotFoundError, and VersionConflictError when the task is not at `expectedVersion`. */
  update(id: string, patch: TaskPatch, options?: { expectedVersion?: number | undefined }): Promise<Task>;
  /** Marks as done. Ids that can't be found are failures of their own; the others are done. */
  complete(ids: readonly string[]): Promise<BulkResult>;
  /** Moves to the trash; lists, `get` and changes no longer find the tasks. */
  delete(ids: readonly string[]): Promise<BulkResult>;
}

/** The tasks of the user with this id, which must come from a verified token. */
export function tasksFor(db: Pick<Database, "asUser">, userId: string): Tasks {
  return {
    list: (query) => db.asUser(userId, (tx) => listTasks(tx, userId, query)),
    get: (id) => db.asUser(userId, (tx) => getTask(tx, userId, id)),
    add: (task) => db.asUser(userId, (tx) => addTask(tx, userId, task)),
    update: (id, patch, options) =>
      db.asUser(userId, (tx) => updateTask(tx, userId, id, patch, options?.expectedVersion)),
    complete: (ids) => db.asUser(userId, (tx) => completeTasks(tx, userId, ids)),
    delete: (ids) => db.asUser(userId, (tx) => deleteTasks(tx, userId, ids)),
  };
}

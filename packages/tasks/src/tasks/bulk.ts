import type { Task } from "@taskassistant/contracts";
import { notFoundMessage } from "./errors.ts";

/** What a bulk change did, in the order of the ids. Each id is either among the tasks or among the failures. */
export interface BulkResult {
  tasks: Task[];
  failures: { id: string; message: string }[];
}

/** Sorts the tasks that were found by the ids that were asked for. */
export function inOrder(ids: readonly string[], tasks: readonly Task[]): BulkResult {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const result: BulkResult = { tasks: [], failures: [] };
  for (const id of new Set(ids)) {
    const task = byId.get(id);
    if (task) result.tasks.push(task);
    else result.failures.push({ id, message: notFoundMessage(id) });
  }
  return result;
}

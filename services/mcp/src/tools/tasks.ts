import { TASK_DEFAULTS } from "@taskassistant/contracts";
import { TRASH_MINUTES_KEPT } from "@taskassistant/contracts/limits";
import type { BulkResult } from "@taskassistant/tasks";
import { NothingChangedError } from "./nothing-changed.ts";
import type { Runs } from "./tool.ts";

/** What the tools for tasks do. Names, schemas and descriptions are in the catalogue of `@taskassistant/contracts`. */
export const taskTools = {
  listTasks: (tasks, input) => tasks.list(input),

  addTask: async (tasks, input) => ({ task: await tasks.add(input) }),

  updateTask: async (tasks, { task_id, expected_version, clear_fields = [], ...fields }) => {
    const emptied = Object.fromEntries(clear_fields.map((name) => [name, TASK_DEFAULTS[name]]));
    const task = await tasks.update(task_id, { ...fields, ...emptied }, { expectedVersion: expected_version });
    return { task };
  },

  completeTask: async (tasks, { task_ids }) => atLeastOne(await tasks.complete(task_ids)),

  deleteTask: async (tasks, { task_ids }) => atLeastOne(await tasks.delete(task_ids)),

  listTrash: (tasks, input) => tasks.listTrash(input),

  restoreTask: async (tasks, { task_ids }) => atLeastOne(await tasks.restore(task_ids)),

  emptyTrash: (tasks) => tasks.emptyTrash({ minutesKept: TRASH_MINUTES_KEPT }),
} as const satisfies Partial<Runs>;

/** A call in which every id failed is an error, so that no model reports it as done. */
function atLeastOne(result: BulkResult): BulkResult {
  if (result.tasks.length === 0) throw new NothingChangedError(result.failures);
  return result;
}

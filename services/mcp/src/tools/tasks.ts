import { count, line, outcome } from "./sentences.ts";
import type { Runs } from "./tool.ts";

/** What the tools for tasks do. Names, schemas and descriptions are in the catalogue of `@taskassistant/contracts`. */
export const taskTools = {
  listTasks: async (tasks, input) => {
    const page = await tasks.list(input);
    const kind = input.status === "all" ? "task" : `${input.status} task`;
    const matching = input.query === undefined ? "" : ` matching '${input.query}'`;
    const head = page.total === 0 ? `No ${kind}s${matching}.` : `${count(page.total, kind)}${matching}:`;
    const more = page.next_cursor === null ? [] : ["There are more; go on with cursor = next_cursor."];
    return { structured: page, text: [head, ...page.tasks.map(line), ...more].join("\n") };
  },

  addTask: async (tasks, input) => {
    const task = await tasks.add(input);
    return { structured: { task }, text: `Added: ${line(task)}` };
  },

  updateTask: async (tasks, { task_id, expected_version, ...patch }) => {
    const task = await tasks.update(task_id, patch, { expectedVersion: expected_version });
    return { structured: { task }, text: `Changed: ${line(task)}` };
  },

  completeTask: async (tasks, { task_ids }) => {
    const result = await tasks.complete(task_ids);
    return { structured: result, text: outcome("Completed", result) };
  },

  deleteTask: async (tasks, { task_ids }) => {
    const result = await tasks.delete(task_ids);
    return { structured: result, text: outcome("Moved to the trash", result) };
  },
} as const satisfies Partial<Runs>;

import { taskIdSchema, taskPatchSchema, taskSchema } from "@taskassistant/contracts";
import { z } from "zod";
import { defineTool } from "./tool.ts";
import { line } from "./wording.ts";

const { title, notes, due, done } = taskPatchSchema.shape;

export const updateTask = defineTool({
  name: "update_task",
  title: "Change a task",
  description: "Changes the given fields of one task; the others stay. done: false opens a finished task again.",
  scope: "tasks:write",
  hints: { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
  input: z.strictObject({
    task_id: taskIdSchema.describe("Id from list_tasks."),
    title: title.describe("New title."),
    notes: notes.describe("New notes in markdown; they replace the old ones."),
    due: due.describe("New due day, YYYY-MM-DD; null removes it."),
    done: done,
    expected_version: z.int().positive().optional().describe("Refuse if the task was changed since this version."),
  }),
  output: z.object({ task: taskSchema }),
  run: async (tasks, { task_id, expected_version, ...patch }) => {
    const task = await tasks.update(task_id, patch, { expectedVersion: expected_version });
    return { structured: { task }, text: `Changed: ${line(task)}` };
  },
});

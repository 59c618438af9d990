import { bulkInput, bulkOutput } from "./bulk.ts";
import { defineTool } from "./tool.ts";
import { outcome } from "./wording.ts";

export const deleteTask = defineTool({
  name: "delete_task",
  title: "Delete tasks",
  description: "Moves tasks to the trash. Only when the user asked for it; use complete_task for finished ones.",
  scope: "tasks:write",
  hints: { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
  input: bulkInput,
  output: bulkOutput,
  run: async (tasks, { task_ids }) => {
    const result = await tasks.delete(task_ids);
    return { structured: result, text: outcome("Moved to the trash", result) };
  },
});

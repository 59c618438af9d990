import { bulkInput, bulkOutput } from "./bulk.ts";
import { defineTool } from "./tool.ts";
import { outcome } from "./wording.ts";

export const completeTask = defineTool({
  name: "complete_task",
  title: "Complete tasks",
  description: "Marks tasks as done.",
  scope: "tasks:write",
  hints: { readOnlyHint: false, destructiveHint: false, idempotentHint: true },
  input: bulkInput,
  output: bulkOutput,
  run: async (tasks, { task_ids }) => {
    const result = await tasks.complete(task_ids);
    return { structured: result, text: outcome("Completed", result) };
  },
});

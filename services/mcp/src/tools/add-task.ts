import { newTaskSchema, taskSchema } from "@taskassistant/contracts";
import { z } from "zod";
import { defineTool } from "./tool.ts";
import { line } from "./wording.ts";

const { title, notes, due } = newTaskSchema.shape;

export const addTask = defineTool({
  name: "add_task",
  title: "Add a task",
  description: "Adds one task to the user's list. Call it once for each task.",
  scope: "tasks:write",
  hints: { readOnlyHint: false, destructiveHint: false, idempotentHint: false },
  input: z.strictObject({
    title: title.describe("What is to be done, in the user's words, without the date."),
    notes: notes.describe("Details in markdown."),
    due: due.describe("Due day in the user's time zone, YYYY-MM-DD."),
  }),
  output: z.object({ task: taskSchema }),
  run: async (tasks, input) => {
    const task = await tasks.add(input);
    return { structured: { task }, text: `Added: ${line(task)}` };
  },
});

import { taskPageSchema, taskQuerySchema } from "@taskassistant/contracts";
import { z } from "zod";
import { defineTool } from "./tool.ts";
import { count, line } from "./wording.ts";

const { query, status, due_from, due_to, limit, cursor } = taskQuerySchema.shape;

export const listTasks = defineTool({
  name: "list_tasks",
  title: "List tasks",
  description:
    "Lists tasks by due day (those without one last). Use it to answer questions and to find the ids other tools need. Overdue: due_to = yesterday.",
  scope: "tasks:read",
  hints: { readOnlyHint: true, destructiveHint: false, idempotentHint: true },
  input: z.strictObject({
    query: query.describe("Text to find in title or notes."),
    status: status.describe("Which tasks."),
    due_from: due_from.describe("First due day, YYYY-MM-DD."),
    due_to: due_to.describe("Last due day, YYYY-MM-DD."),
    limit: limit.describe("Most tasks on this page."),
    cursor: cursor.describe("next_cursor of the page before."),
  }),
  output: taskPageSchema,
  run: async (tasks, input) => {
    const page = await tasks.list(input);
    const kind = input.status === "all" ? "task" : `${input.status} task`;
    const matching = input.query === undefined ? "" : ` matching '${input.query}'`;
    const head = page.total === 0 ? `No ${kind}s${matching}.` : `${count(page.total, kind)}${matching}:`;
    const more = page.next_cursor === null ? [] : ["There are more; go on with cursor = next_cursor."];
    return { structured: page, text: [head, ...page.tasks.map(line), ...more].join("\n") };
  },
});

import { z } from "zod";
import { CLEARABLE_FIELDS } from "../drafts.ts";
import { labelNameSchema } from "../labels.ts";
import { BULK_MAX } from "../limits.ts";
import {
  dueZoneSchema,
  emptiedTrashSchema,
  localDateSchema,
  localTimeSchema,
  newTaskSchema,
  repeatSchema,
  tagsSchema,
  taskIdSchema,
  taskPageSchema,
  taskPatchSchema,
  taskQuerySchema,
  taskSchema,
} from "../tasks.ts";
import { TOOLS, type ToolId } from "./catalogue.ts";
import type { OutputShape } from "./tool.ts";

const IDS_FROM = `from ${TOOLS.listTasks.name}.`;
const query = taskQuerySchema.shape;
const added = newTaskSchema.shape;
const changed = taskPatchSchema.shape;

const severalTasks = z.strictObject({
  task_ids: z
    .array(taskIdSchema)
    .min(1, "task_ids is empty; name at least one task")
    .max(BULK_MAX, `too many ids; send at most ${BULK_MAX} in one call`)
    .describe(`Ids ${IDS_FROM}`),
});

/** What adding and changing have in common. */
const sharedFields = {
  due_time: localTimeSchema.optional().describe("HH:MM, 24 hours. Needs due."),
  due_zone: dueZoneSchema.optional().describe("IANA zone, with due_time or repeat."),
  repeat: repeatSchema.optional().describe("RRULE, such as FREQ=WEEKLY;BYDAY=MO. Needs due."),
  repeat_from: changed.repeat_from.describe("Next one counted from."),
  priority: changed.priority.describe("1 is highest, 4 is none."),
  project: labelNameSchema.optional().describe("Name; a new one is made."),
  tags: tagsSchema.optional().describe("All tags of the task."),
};

/**
 * The arguments of each tool, described for a language model. Without `user_id`: the MCP server adds it to all tools, and
 * no tool learns from its arguments who the user is. No argument may be null: clients with strict schemas send null or an
 * empty text for what they leave out, and the MCP server drops both. `clear_fields` empties a field instead.
 */
export const TOOL_INPUTS = {
  listTasks: z.strictObject({
    query: query.query.describe("Text to find in title or notes."),
    status: query.status.describe("Which tasks."),
    priority: query.priority.describe("Only this priority."),
    project: query.project.describe("Only this project."),
    tag: query.tag.describe("Only this tag."),
    due_from: query.due_from.describe("First due day, YYYY-MM-DD."),
    due_to: query.due_to.describe("Last due day, YYYY-MM-DD."),
    limit: query.limit.describe("Maximum number of tasks on this page."),
    cursor: query.cursor.describe("next_cursor of the page before."),
  }),
  addTask: z.strictObject({
    title: added.title.describe("What is to be done, in the user's words, without the date."),
    notes: added.notes.describe("Details in markdown."),
    due: localDateSchema.optional().describe("Due day in the user's time zone, YYYY-MM-DD."),
    ...sharedFields,
  }),
  updateTask: z
    .strictObject({
      task_id: taskIdSchema.describe(`Id ${IDS_FROM}`),
      title: changed.title.describe("New title."),
      notes: changed.notes.describe("New notes in markdown; they replace the old ones."),
      due: localDateSchema.optional().describe("New due day, YYYY-MM-DD."),
      ...sharedFields,
      done: changed.done,
      clear_fields: z
        .array(z.enum(CLEARABLE_FIELDS))
        .max(CLEARABLE_FIELDS.length)
        .optional()
        .describe("Fields to empty. due also removes the time and repetition."),
      expected_version: z.int().positive().optional().describe("Refuse if the task was changed since this version."),
    })
    .refine(
      ({ task_id: _, expected_version: __, clear_fields = [], ...fields }) =>
        clear_fields.length > 0 || Object.values(fields).some((value) => value !== undefined),
      "nothing to change; give a new title, due or another field, or name a field in clear_fields",
    )
    .refine(({ clear_fields = [], ...fields }) => clear_fields.every((name) => fields[name] === undefined), {
      error: "a field has a new value and is in clear_fields as well; choose one",
      path: ["clear_fields"],
    }),
  completeTask: severalTasks,
  deleteTask: severalTasks,
  listTrash: z.strictObject({
    limit: query.limit.describe("Maximum number of tasks on this page."),
    cursor: query.cursor.describe("next_cursor of the page before."),
  }),
  restoreTask: severalTasks,
  emptyTrash: z.strictObject({}),
} as const satisfies Record<ToolId, z.ZodObject>;

/** The arguments of a call, as a model writes them. */
export type ToolInput<Id extends ToolId> = z.input<(typeof TOOL_INPUTS)[Id]>;

/** Valid arguments of each tool, which tests use to attack it. */
export const TOOL_EXAMPLES: { readonly [Id in ToolId]: ToolInput<Id> } = {
  listTasks: { status: "all" },
  addTask: { title: "Buy milk" },
  updateTask: { task_id: "t_000000000000", title: "Buy oat milk" },
  completeTask: { task_ids: ["t_000000000000"] },
  deleteTask: { task_ids: ["t_000000000000"] },
  listTrash: {},
  restoreTask: { task_ids: ["t_000000000000"] },
  emptyTrash: {},
};

/** What describes a task that a tool has changed. The result carries every field, but models pay for each one described again. */
const changedTaskSchema = taskSchema.pick({ id: true, title: true, done: true, due: true, version: true });

/** The shapes of results. Of `changes` each id that was asked for is either among the tasks or among the failures. */
export const TOOL_OUTPUTS = {
  task: z.object({ task: taskSchema }),
  page: taskPageSchema,
  changes: z.object({
    tasks: z.array(changedTaskSchema),
    failures: z.array(z.object({ id: z.string(), message: z.string() })),
  }),
  emptied: emptiedTrashSchema,
} as const satisfies Record<OutputShape, z.ZodObject>;

/** A result of the shape. */
export type ToolOutput<Shape extends OutputShape = OutputShape> = z.infer<(typeof TOOL_OUTPUTS)[Shape]>;

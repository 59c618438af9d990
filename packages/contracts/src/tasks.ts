import { z } from "zod";
import { TASK_DEFAULTS } from "./drafts.ts";
import { labelNameSchema } from "./labels.ts";
import {
  CURSOR_MAX,
  NOTES_MAX,
  PAGE_DEFAULT,
  PAGE_MAX,
  QUERY_MAX,
  REPEAT_MAX,
  TAGS_MAX,
  TITLE_MAX,
  ZONE_MAX,
} from "./limits.ts";
import { NO_NUL, withoutNul } from "./text.ts";
import { isTimeZone } from "./time-zone.ts";

/** A calendar date in the user's own time zone, `YYYY-MM-DD`. Never an instant. Refuses days that do not exist. */
export const localDateSchema = z.iso
  .date({ error: (issue) => dateMessage(issue.input) })
  // PostgreSQL's calendar starts with year 1.
  .refine((date) => !date.startsWith("0000"), "'0000' is not a year; write the date as YYYY-MM-DD");

/** Task ids are short and typed: `t_` and 12 characters of Crockford base32 in lower case. Unique per user. */
export const taskIdSchema = z
  .string()
  .regex(/^t_[0-9a-hjkmnp-tv-z]{12}$/, "a task id looks like t_7k2p9d4m1x0a; list the tasks to find it");

/** A time of day on a 24-hour clock, `HH:MM`. */
export const localTimeSchema = z
  .string()
  .regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/, "not a time of day; write it as HH:MM, such as 17:30");

/** An IANA time zone that this process knows. */
export const dueZoneSchema = z
  .string()
  .max(ZONE_MAX)
  .refine(isTimeZone, "not a time zone; write its IANA name, such as Europe/Berlin");

/** 1 is the highest; 4 is what a task has unless somebody says otherwise. */
export const prioritySchema = z.int().min(1).max(4);

/** An RRULE of RFC 5545. What the rule means is checked by the task domain. */
export const repeatSchema = z
  .string()
  .max(REPEAT_MAX, `repeat is longer than ${REPEAT_MAX} characters`)
  .regex(/^FREQ=[A-Z0-9=;,+-]+$/, "not a rule; write an RRULE such as FREQ=WEEKLY;BYDAY=MO");

const repeatFromSchema = z.enum(["due", "completion"]);

const titleSchema = z
  .string()
  .trim()
  .min(1, "title is empty; say what is to be done")
  .max(TITLE_MAX, `title is longer than ${TITLE_MAX} characters; put the rest into notes`)
  .refine(withoutNul, NO_NUL);
const notesSchema = z
  .string()
  .max(NOTES_MAX, `notes are longer than ${NOTES_MAX} characters`)
  .refine(withoutNul, NO_NUL);

/** Each tag once, whatever its case. */
export const tagsSchema = z
  .array(labelNameSchema)
  .max(TAGS_MAX, `too many tags; a task has at most ${TAGS_MAX}`)
  .overwrite((tags) => [...new Map(tags.map((tag) => [tag.toLowerCase(), tag])).values()]);

/** One task as every tier sees it (REST, MCP, browser). Timestamps are RFC 3339 in UTC; `due` is a local date. */
export const taskSchema = z.object({
  id: taskIdSchema,
  title: z.string(),
  notes: z.string(),
  done: z.boolean(),
  priority: z.int(),
  due: z.iso.date().nullable(),
  /** Local time `HH:MM`, on the clock of `due_zone`. */
  due_time: z.string().nullable(),
  /** IANA name; null = wherever the person is. */
  due_zone: z.string().nullable(),
  /** RRULE; null = once. */
  repeat: z.string().nullable(),
  /** Whether the next occurrence is counted from the due day or from the day of completion. */
  repeat_from: repeatFromSchema,
  /** Which of its series the task is, from 1. Completing one makes the next, which is a task of its own. */
  occurrence: z.int(),
  /** The name of its project. */
  project: z.string().nullable(),
  /** The names of its tags, in alphabetical order. */
  tags: z.array(z.string()),
  /** Grows by one with each change; send it back as `expected_version` (MCP) or `If-Match` (REST). */
  version: z.int().positive(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
  completed_at: z.iso.datetime().nullable(),
});
export type Task = z.infer<typeof taskSchema>;

/** A day is what a time, a zone and a repetition belong to. */
const NEEDS_DUE = { error: "due is missing: a time, a time zone or a repetition needs a due day", path: ["due"] };

function hangsOnDue(fields: { due_time?: unknown; due_zone?: unknown; repeat?: unknown }): boolean {
  return [fields.due_time, fields.due_zone, fields.repeat].some((value) => value !== undefined && value !== null);
}

/** What creates a task. */
export const newTaskSchema = z
  .strictObject({
    title: titleSchema,
    notes: notesSchema.default(TASK_DEFAULTS.notes),
    priority: prioritySchema.default(TASK_DEFAULTS.priority),
    due: localDateSchema.nullable().default(TASK_DEFAULTS.due),
    due_time: localTimeSchema.nullable().default(TASK_DEFAULTS.due_time),
    due_zone: dueZoneSchema.nullable().default(TASK_DEFAULTS.due_zone),
    repeat: repeatSchema.nullable().default(TASK_DEFAULTS.repeat),
    repeat_from: repeatFromSchema.default(TASK_DEFAULTS.repeat_from),
    /** A project or tag that the person does not have yet is made. */
    project: labelNameSchema.nullable().default(TASK_DEFAULTS.project),
    tags: tagsSchema.default(TASK_DEFAULTS.tags),
  })
  .refine((task) => task.due !== null || !hangsOnDue(task), NEEDS_DUE);
export type NewTask = z.input<typeof newTaskSchema>;

const patchFields = {
  title: titleSchema,
  notes: notesSchema,
  priority: prioritySchema,
  due: localDateSchema.nullable(),
  due_time: localTimeSchema.nullable(),
  due_zone: dueZoneSchema.nullable(),
  repeat: repeatSchema.nullable(),
  repeat_from: repeatFromSchema,
  project: labelNameSchema.nullable(),
  tags: tagsSchema,
  done: z.boolean(),
};

/** JSON merge patch (RFC 7396) of a task: a missing field stays, `due: null` clears it. */
export const taskPatchSchema = z
  .strictObject(patchFields)
  .partial()
  .refine(
    (patch) => Object.keys(patch).length > 0,
    `the patch is empty; send at least one of ${Object.keys(patchFields).join(", ")}`,
  )
  .refine((patch) => patch.due !== null || !hangsOnDue(patch), NEEDS_DUE);
export type TaskPatch = z.infer<typeof taskPatchSchema>;

/** Filters of a task list. `due_from` and `due_to` are inclusive local dates; tasks without a date match neither. */
export const taskQuerySchema = z.strictObject({
  /** Case-insensitive text found in title or notes. */
  query: z.string().max(QUERY_MAX).refine(withoutNul, NO_NUL).optional(),
  status: z.enum(["open", "done", "all"]).default("open"),
  priority: prioritySchema.optional(),
  /** Names, whatever their case. */
  project: labelNameSchema.optional(),
  tag: labelNameSchema.optional(),
  due_from: localDateSchema.optional(),
  due_to: localDateSchema.optional(),
  /** Only tasks completed at this instant or later, RFC 3339 in UTC: what was done today, wherever the day began. */
  completed_from: z.iso.datetime("completed_from is not an instant such as 2026-11-22T23:00:00Z").optional(),
  limit: z.int().min(1).max(PAGE_MAX).default(PAGE_DEFAULT),
  /** Opaque; taken from the previous page's `next_cursor`. */
  cursor: z.string().max(CURSOR_MAX).optional(),
});
export type TaskQuery = z.input<typeof taskQuerySchema>;

/** One page of tasks, ordered by due date (tasks without one last), then by creation. */
export const taskPageSchema = z.object({
  tasks: z.array(taskSchema),
  /** How many tasks match in all, not only on this page. */
  total: z.int().nonnegative(),
  next_cursor: z.string().nullable(),
});
export type TaskPage = z.infer<typeof taskPageSchema>;

/** The file formats in which tasks leave. */
export const EXPORT_FORMATS = ["json", "csv", "ics", "md"] as const;

/** Which file with all tasks. */
export const exportQuerySchema = z.strictObject({ format: z.enum(EXPORT_FORMATS).default("json") });

/** A task in the trash. */
export const trashedTaskSchema = taskSchema.extend({ deleted_at: z.iso.datetime() });
export type TrashedTask = z.infer<typeof trashedTaskSchema>;

/** Which part of the trash. */
export const trashQuerySchema = taskQuerySchema.pick({ limit: true, cursor: true });
export type TrashQuery = z.input<typeof trashQuerySchema>;

/** One page of the trash, the newest first. */
export const trashPageSchema = taskPageSchema.extend({ tasks: z.array(trashedTaskSchema) });
export type TrashPage = z.infer<typeof trashPageSchema>;

/** What emptying the trash did. */
export const emptiedTrashSchema = z.object({ deleted: z.int().nonnegative(), left: z.int().nonnegative() });
export type EmptiedTrash = z.infer<typeof emptiedTrashSchema>;

function dateMessage(input: unknown): string {
  const text = (typeof input === "string" ? input : `${JSON.stringify(input)}`).slice(0, 40);
  const match = /^(\d{4})-(\d{2})-\d{2}$/.exec(text);
  if (!match) return `'${text}' is not a date; write it as YYYY-MM-DD`;
  const [, year, month] = match;
  const monthNumber = Number(month);
  if (monthNumber < 1 || monthNumber > 12) return `'${text}' is not a date; there is no month ${month}`;
  const lastDay = new Date(0);
  lastDay.setUTCFullYear(Number(year), monthNumber, 0);
  const name = new Intl.DateTimeFormat("en", { month: "long", timeZone: "UTC" }).format(lastDay);
  return `'${text}' is not a date; ${name} ${year} has ${lastDay.getUTCDate()} days`;
}

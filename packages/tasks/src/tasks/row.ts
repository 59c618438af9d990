import { type Task, taskSchema } from "@taskassistant/contracts";
import type { AppTables, TaskTable } from "@taskassistant/db";
import { type ExpressionBuilder, type Selectable, sql } from "kysely";

/** Fields of a task that are computed instead of stored. */
type Derived = "done";
/** Fields that are rows of their own. */
type Named = "project" | "tags";
type StoredColumn = Exclude<keyof Task, Derived | Named>;

const FIELDS = Object.keys(taskSchema.shape) as (keyof Task)[];

const isNamed = (field: keyof Task): field is Named => field === "project" || field === "tags";
const isStored = (field: keyof Task): field is StoredColumn => field !== "done" && !isNamed(field);

const STORED_COLUMNS: readonly StoredColumn[] = FIELDS.filter(isStored);

/** The columns a task is made of, in the result of a query that has `taskColumns`. */
export const TASK_COLUMNS: readonly (StoredColumn | Named)[] = [...STORED_COLUMNS, "project", "tags"];

/** What a statement returns for `taskColumns`. */
export type TaskRow = Pick<Selectable<TaskTable>, StoredColumn> & Pick<Task, Named>;

/** What `onWire` turns each column of a row into. A task of another shape is a type error. */
type WireRow = { [Column in keyof TaskRow]: OnWire<TaskRow[Column]> };
type OnWire<Value> = Value extends Date ? string : Value;

type TaskExpressions = ExpressionBuilder<AppTables, "app.task">;

/** What to select or return from `app.task` for a task: its stored fields, and the names of its project and tags. */
export function taskColumns(userId: string) {
  const project = (eb: TaskExpressions) =>
    eb
      .selectFrom("app.project")
      .select("app.project.name")
      .where("app.project.user_id", "=", userId)
      .whereRef("app.project.id", "=", "app.task.project_id")
      .as("project");
  const tags = (eb: TaskExpressions) => {
    const ofTask = eb
      .selectFrom("app.task_tag")
      .select("app.task_tag.tag_id")
      .where("app.task_tag.user_id", "=", userId)
      .whereRef("app.task_tag.task_id", "=", "app.task.id");
    const names = eb
      .selectFrom("app.tag")
      .select(sql`coalesce(array_agg(name order by name_key), '{}')`.as("names"))
      .where("app.tag.user_id", "=", userId)
      .where("app.tag.id", "in", ofTask);
    return sql<string[]>`${names}`.as("tags");
  };
  return [...STORED_COLUMNS, project, tags] as const;
}

/** The task as every tier sees it. */
export function toTask(row: TaskRow): Task {
  const derived: Pick<Task, Derived> = { done: row.completed_at !== null };
  const entries = FIELDS.map((field) => [field, field === "done" ? derived.done : onWire(row[field])]);
  return Object.fromEntries(entries) as WireRow & typeof derived;
}

function onWire(value: unknown): unknown {
  return value instanceof Date ? value.toISOString() : value;
}

import { type Task, taskSchema } from "@taskassistant/contracts";
import type { TaskTable } from "@taskassistant/db";
import type { Selectable } from "kysely";

/** Fields of a task that are computed instead of stored. */
type Derived = "done";
type TaskColumn = Exclude<keyof Task, Derived>;

const FIELDS = Object.keys(taskSchema.shape) as (keyof Task)[];

/** The columns a task is made of: the fields of the wire shape that are stored, in its order. */
export const TASK_COLUMNS: readonly TaskColumn[] = FIELDS.filter((field) => field !== "done");

/** What a statement returns for `TASK_COLUMNS`. */
export type TaskRow = Pick<Selectable<TaskTable>, TaskColumn>;

/** What `onWire` turns each column of a row into. A task of another shape is a type error. */
type WireRow = { [Column in TaskColumn]: OnWire<TaskRow[Column]> };
type OnWire<Value> = Value extends Date ? string : Value;

/** The task as every tier sees it. */
export function toTask(row: TaskRow): Task {
  const derived: Pick<Task, Derived> = { done: row.completed_at !== null };
  const entries = FIELDS.map((field) => [field, field === "done" ? derived.done : onWire(row[field])]);
  return Object.fromEntries(entries) as WireRow & typeof derived;
}

function onWire(value: unknown): unknown {
  return value instanceof Date ? value.toISOString() : value;
}

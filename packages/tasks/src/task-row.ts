import type { Task } from "@taskassistant/contracts";
import type { TaskTable } from "@taskassistant/db";
import type { Selectable } from "kysely";

/** The columns a task is made of, in the order every statement names them. */
export const TASK_COLUMNS = [
  "id",
  "title",
  "notes",
  "due",
  "version",
  "created_at",
  "updated_at",
  "completed_at",
] as const;

/** What a statement gives for TASK_COLUMNS. */
export type TaskRow = Pick<Selectable<TaskTable>, (typeof TASK_COLUMNS)[number]>;

/** The task as every tier sees it. */
export function toTask(row: TaskRow): Task {
  return {
    id: row.id,
    title: row.title,
    notes: row.notes,
    done: row.completed_at !== null,
    due: row.due,
    version: row.version,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    completed_at: row.completed_at?.toISOString() ?? null,
  };
}

import type { Task } from "@taskassistant/contracts";

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
export interface TaskRow {
  id: string;
  title: string;
  notes: string;
  due: string | null;
  version: number;
  created_at: Date;
  updated_at: Date;
  completed_at: Date | null;
}

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

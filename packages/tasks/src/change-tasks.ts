import { type NewTask, newTaskSchema, type Task, type TaskPatch, taskPatchSchema } from "@taskassistant/contracts";
import type { AppTables } from "@taskassistant/db";
import { sql, type Transaction } from "kysely";
import { notFoundMessage, VersionConflictError } from "./errors.ts";
import { getTask } from "./read-tasks.ts";
import { newTaskId } from "./task-id.ts";
import { TASK_COLUMNS, toTask } from "./task-row.ts";

type Tx = Transaction<AppTables>;

/** What a bulk change did, in the order of the ids; each id is in one of the two. */
export interface BulkResult {
  tasks: Task[];
  failures: { id: string; message: string }[];
}

const NOW = sql<Date>`now()`;
const NEXT_VERSION = sql<number>`version + 1`;

export async function addTask(tx: Tx, userId: string, newTask: NewTask): Promise<Task> {
  const fields = newTaskSchema.parse(newTask);
  const row = await tx
    .insertInto("app.task")
    .values({ user_id: userId, id: newTaskId(), ...fields })
    .returning(TASK_COLUMNS)
    .executeTakeFirstOrThrow();
  return toTask(row);
}

export async function updateTask(
  tx: Tx,
  userId: string,
  id: string,
  patch: TaskPatch,
  expectedVersion: number | undefined,
): Promise<Task> {
  const { done, ...fields } = taskPatchSchema.parse(patch);
  let update = tx
    .updateTable("app.task")
    .set({ ...fields, version: NEXT_VERSION, updated_at: NOW })
    .where("user_id", "=", userId)
    .where("id", "=", id)
    .where("deleted_at", "is", null);
  if (done !== undefined) update = update.set({ completed_at: done ? sql<Date>`coalesce(completed_at, now())` : null });
  if (expectedVersion !== undefined) update = update.where("version", "=", expectedVersion);
  const row = await update.returning(TASK_COLUMNS).executeTakeFirst();
  if (row !== undefined) return toTask(row);
  throw new VersionConflictError(await getTask(tx, userId, id));
}

/** Completing a task that is done already is no failure and changes nothing. */
export async function completeTasks(tx: Tx, userId: string, ids: readonly string[]): Promise<BulkResult> {
  await tx
    .updateTable("app.task")
    .set({ completed_at: NOW, version: NEXT_VERSION, updated_at: NOW })
    .where("user_id", "=", userId)
    .where("id", "=", sql<string>`any(${ids}::text[])`)
    .where("deleted_at", "is", null)
    .where("completed_at", "is", null)
    .execute();
  const rows = await tx
    .selectFrom("app.task")
    .select(TASK_COLUMNS)
    .where("user_id", "=", userId)
    .where("id", "=", sql<string>`any(${ids}::text[])`)
    .where("deleted_at", "is", null)
    .execute();
  return inOrder(ids, rows.map(toTask));
}

/** Moves to the trash. */
export async function deleteTasks(tx: Tx, userId: string, ids: readonly string[]): Promise<BulkResult> {
  const rows = await tx
    .updateTable("app.task")
    .set({ deleted_at: NOW, version: NEXT_VERSION, updated_at: NOW })
    .where("user_id", "=", userId)
    .where("id", "=", sql<string>`any(${ids}::text[])`)
    .where("deleted_at", "is", null)
    .returning(TASK_COLUMNS)
    .execute();
  return inOrder(ids, rows.map(toTask));
}

function inOrder(ids: readonly string[], tasks: readonly Task[]): BulkResult {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const result: BulkResult = { tasks: [], failures: [] };
  for (const id of new Set(ids)) {
    const task = byId.get(id);
    if (task) result.tasks.push(task);
    else result.failures.push({ id, message: notFoundMessage(id) });
  }
  return result;
}

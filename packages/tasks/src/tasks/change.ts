import { type NewTask, newTaskSchema, type Task, type TaskPatch, taskPatchSchema } from "@taskassistant/contracts";
import { sql } from "kysely";
import type { Tx } from "../bind-to-user.ts";
import { newId } from "../id.ts";
import { lockLabels } from "../labels/lock.ts";
import { mentionedProject, setTags } from "../labels/mention.ts";
import { type BulkResult, inOrder } from "./bulk.ts";
import { TaskNotFoundError, VersionConflictError } from "./errors.ts";
import { taskReads } from "./read.ts";
import { taskColumns, toTask } from "./row.ts";
import { assertRule, dropNextOf, makeNextOf, withDueError } from "./series.ts";

const NOW = sql<Date>`now()`;
const NEXT_VERSION = sql<number>`version + 1`;

/** Sets what of the patch is a row of its own. Returns what is left for the task's row. Refuses as `update` does. */
async function setLabels(
  tx: Tx,
  userId: string,
  id: string,
  { project, tags, expectedVersion }: Pick<TaskPatch, "project" | "tags"> & { expectedVersion: number | undefined },
): Promise<{ project_id?: string | null }> {
  if (project === undefined && tags === undefined) return {};
  await lockLabels(tx, userId);
  // The task first, as every change of it does, so that no two changes wait for each other.
  const task = await tx
    .selectFrom("app.task")
    .select("version")
    .where("user_id", "=", userId)
    .where("id", "=", id)
    .where("deleted_at", "is", null)
    .forUpdate()
    .executeTakeFirst();
  if (task === undefined) throw new TaskNotFoundError(id);
  // Before anything changes, because the error tells the task as it is.
  if (expectedVersion !== undefined && task.version !== expectedVersion)
    throw new VersionConflictError(await taskReads.get(tx, userId, id));
  if (tags !== undefined) await setTags(tx, userId, id, tags);
  if (project === undefined) return {};
  return { project_id: project === null ? null : await mentionedProject(tx, userId, project) };
}

/** The changes of one user's tasks. Inputs are parsed by the contracts; a wrong one is a `ZodError`. */
export const taskChanges = {
  /** Adds an open task. */
  async add(tx: Tx, userId: string, newTask: NewTask): Promise<Task> {
    const { project, tags, ...fields } = newTaskSchema.parse(newTask);
    assertRule(fields.repeat, fields.due);
    if (project !== null || tags.length > 0) await lockLabels(tx, userId);
    const project_id = project === null ? null : await mentionedProject(tx, userId, project);
    const row = await tx
      .insertInto("app.task")
      .values({ user_id: userId, id: newId("t"), ...fields, project_id })
      .returning(taskColumns(userId))
      .executeTakeFirstOrThrow();
    if (tags.length === 0) return toTask(row);
    await setTags(tx, userId, row.id, tags);
    return taskReads.get(tx, userId, row.id);
  },

  /**
   * Changes the fields of the patch. Completing a task that repeats makes the next occurrence, and opening it again takes that
   * back unless somebody has changed it. Throws TaskNotFoundError, InvalidTaskError, and VersionConflictError when the task
   * is not at `expectedVersion`.
   */
  async update(
    tx: Tx,
    userId: string,
    id: string,
    patch: TaskPatch,
    options?: { expectedVersion?: number | undefined },
  ): Promise<Task> {
    const { done, project, tags, ...fields } = taskPatchSchema.parse(patch);
    const expectedVersion = options?.expectedVersion;
    assertRule(fields.repeat, fields.due);
    const labels = await setLabels(tx, userId, id, { project, tags, expectedVersion });
    let update = tx
      .updateTable("app.task")
      .set({ ...fields, ...labels, version: NEXT_VERSION, updated_at: NOW })
      .where("user_id", "=", userId)
      .where("id", "=", id)
      .where("deleted_at", "is", null);
    if (done !== undefined)
      update = update.set({ completed_at: done ? sql<Date>`coalesce(completed_at, now())` : null });
    // Compared as a bigint, since a caller may expect a version beyond the column's range.
    if (expectedVersion !== undefined) update = update.where("version", "=", sql<number>`${expectedVersion}::bigint`);
    const row = await withDueError(
      update.returning([...taskColumns(userId), "series_id", "project_id"]).executeTakeFirst(),
    );
    if (row !== undefined) {
      if (done === true) await makeNextOf(tx, userId, [row]);
      if (done === false) await dropNextOf(tx, userId, row);
      return toTask(row);
    }
    throw new VersionConflictError(await taskReads.get(tx, userId, id));
  },

  /**
   * Marks tasks as done. An id that can't be found is a failure of its own and the others are done. A task that is done
   * already stays as it is, which is not a failure. A task that repeats gets its next occurrence.
   */
  async complete(tx: Tx, userId: string, ids: readonly string[]): Promise<BulkResult> {
    const completed = await tx
      .updateTable("app.task")
      .set({ completed_at: NOW, version: NEXT_VERSION, updated_at: NOW })
      .where("user_id", "=", userId)
      .where("id", "=", sql<string>`any(${ids}::text[])`)
      .where("deleted_at", "is", null)
      .where("completed_at", "is", null)
      .returning([...taskColumns(userId), "series_id", "project_id"])
      .execute();
    await makeNextOf(tx, userId, completed);
    const rows = await tx
      .selectFrom("app.task")
      .select(taskColumns(userId))
      .where("user_id", "=", userId)
      .where("id", "=", sql<string>`any(${ids}::text[])`)
      .where("deleted_at", "is", null)
      .execute();
    return inOrder(ids, rows.map(toTask));
  },

  /** Moves tasks to the trash, where lists, `get` and changes no longer find them. */
  async delete(tx: Tx, userId: string, ids: readonly string[]): Promise<BulkResult> {
    const rows = await tx
      .updateTable("app.task")
      .set({ deleted_at: NOW, version: NEXT_VERSION, updated_at: NOW })
      .where("user_id", "=", userId)
      .where("id", "=", sql<string>`any(${ids}::text[])`)
      .where("deleted_at", "is", null)
      .returning(taskColumns(userId))
      .execute();
    return inOrder(ids, rows.map(toTask));
  },
};

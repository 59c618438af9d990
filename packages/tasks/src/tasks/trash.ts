import {
  type EmptiedTrash,
  type Task,
  type TrashedTask,
  type TrashPage,
  type TrashQuery,
  trashQuerySchema,
} from "@taskassistant/contracts";
import { type SqlBool, sql } from "kysely";
import type { Tx } from "../bind-to-user.ts";
import { type BulkResult, inOrder } from "./bulk.ts";
import { decodeTrashCursor, encodeTrashCursor } from "./cursor.ts";
import { type TaskRow, taskColumns, toTask } from "./row.ts";

/** What can be read of one user's trash. A task in it counts towards the quotas. */
export const trashReads = {
  /** One page, what was deleted last first, and how many tasks there are in all. Throws InvalidCursorError. */
  async listTrash(tx: Tx, userId: string, query: TrashQuery): Promise<TrashPage> {
    const { limit, cursor } = trashQuerySchema.parse(query);
    const after = cursor === undefined ? undefined : decodeTrashCursor(cursor);
    const counting = tx
      .selectFrom("app.task")
      .select(sql<number>`count(*)::int`.as("total"))
      .where("user_id", "=", userId)
      .where("deleted_at", "is not", null)
      .executeTakeFirstOrThrow();
    let page = tx
      .selectFrom("app.task")
      .select([...taskColumns(userId), "deleted_at"])
      .where("user_id", "=", userId)
      .where("deleted_at", "is not", null);
    if (after !== undefined) {
      page = page.where(sql<SqlBool>`(deleted_at, id) < (${after.deletedAt}::timestamptz, ${after.id})`);
    }
    // One more than asked for tells whether there is a next page.
    const reading = page
      .orderBy("deleted_at", "desc")
      .orderBy("id", "desc")
      .limit(limit + 1)
      .execute();
    const [{ total }, rows] = await Promise.all([counting, reading]);
    const shown = rows.slice(0, limit).map(toTrashedTask);
    const last = rows.length > shown.length ? shown.at(-1) : undefined;
    return { tasks: shown, total, next_cursor: last === undefined ? null : encodeTrashCursor(last) };
  },
};

/** The ways out of the trash: back into the list, as the task was, or deleted for good. */
export const trashChanges = {
  /** Takes tasks out of the trash. A task that is in the list already stays as it is, which is not a failure. */
  async restore(tx: Tx, userId: string, ids: readonly string[]): Promise<BulkResult> {
    await tx
      .updateTable("app.task")
      .set({ deleted_at: null, version: sql<number>`version + 1`, updated_at: sql<Date>`now()` })
      .where("user_id", "=", userId)
      .where("id", "=", sql<string>`any(${ids}::text[])`)
      .where("deleted_at", "is not", null)
      .execute();
    const rows = await tx
      .selectFrom("app.task")
      .select(taskColumns(userId))
      .where("user_id", "=", userId)
      .where("id", "=", sql<string>`any(${ids}::text[])`)
      .where("deleted_at", "is", null)
      .execute();
    return inOrder(ids, rows.map(toTask));
  },

  /** Deletes one task in the trash for good. Returns false when it is not there. */
  async purge(tx: Tx, userId: string, id: string): Promise<boolean> {
    const { numDeletedRows } = await tx
      .deleteFrom("app.task")
      .where("user_id", "=", userId)
      .where("id", "=", id)
      .where("deleted_at", "is not", null)
      .executeTakeFirstOrThrow();
    return numDeletedRows > 0n;
  },

  /** Deletes for good what has been in the trash for this number of minutes; the rest is left. */
  async emptyTrash(tx: Tx, userId: string, options: { minutesKept: number }): Promise<EmptiedTrash> {
    const { numDeletedRows } = await tx
      .deleteFrom("app.task")
      .where("user_id", "=", userId)
      .where("deleted_at", "<=", sql<Date>`now() - make_interval(mins => ${options.minutesKept})`)
      .executeTakeFirstOrThrow();
    const { left } = await tx
      .selectFrom("app.task")
      .select(sql<number>`count(*)::int`.as("left"))
      .where("user_id", "=", userId)
      .where("deleted_at", "is not", null)
      .executeTakeFirstOrThrow();
    return { deleted: Number(numDeletedRows), left };
  },
};

function toTrashedTask(row: TaskRow & { deleted_at: Date | null }): TrashedTask {
  const task: Task = toTask(row);
  return { ...task, deleted_at: (row.deleted_at ?? new Date(0)).toISOString() };
}

import {
  type NewLabel,
  newLabelSchema,
  type Tag,
  type TagList,
  type TagPatch,
  tagPatchSchema,
} from "@taskassistant/contracts";
import type { AppTables } from "@taskassistant/db";
import { type ExpressionBuilder, sql } from "kysely";
import type { Tx } from "../bind-to-user.ts";
import { newId } from "../id.ts";
import { LabelNotFoundError, LabelTakenError, withTakenError } from "./errors.ts";
import { lockLabels } from "./lock.ts";

const columns = (userId: string) =>
  [
    "id",
    "name",
    "color",
    "created_at",
    (eb: ExpressionBuilder<AppTables, "app.tag">) => {
      const tagged = eb
        .selectFrom("app.task_tag")
        .select("app.task_tag.task_id")
        .where("app.task_tag.user_id", "=", userId)
        .whereRef("app.task_tag.tag_id", "=", "app.tag.id");
      const open = eb
        .selectFrom("app.task")
        .select(sql`count(*)::int`.as("open"))
        .where("app.task.user_id", "=", userId)
        .where("app.task.id", "in", tagged)
        .where("deleted_at", "is", null)
        .where("completed_at", "is", null);
      return sql<number>`${open}`.as("open");
    },
  ] as const;

/** What can be read of one user's tags. */
export const tagReads = {
  /** All of them, by name. */
  async listTags(tx: Tx, userId: string): Promise<TagList> {
    const rows = await tx
      .selectFrom("app.tag")
      .select(columns(userId))
      .where("user_id", "=", userId)
      .orderBy("name_key")
      .execute();
    return { tags: rows.map(toTag) };
  },
};

/** The changes of one user's tags. Inputs are parsed by the contracts; a wrong one is a `ZodError`. */
export const tagChanges = {
  /** Throws LabelTakenError. */
  async addTag(tx: Tx, userId: string, tag: NewLabel): Promise<Tag> {
    const fields = newLabelSchema.parse(tag);
    await lockLabels(tx, userId);
    const row = await tx
      .insertInto("app.tag")
      .values({ user_id: userId, id: newId("g"), ...fields })
      .onConflict((conflict) => conflict.columns(["user_id", "name_key"]).doNothing())
      .returning(columns(userId))
      .executeTakeFirst();
    if (row === undefined) throw new LabelTakenError("tag", fields.name);
    return toTag(row);
  },

  /** Throws LabelNotFoundError and LabelTakenError. */
  async updateTag(tx: Tx, userId: string, id: string, patch: TagPatch): Promise<Tag> {
    const fields = tagPatchSchema.parse(patch);
    await lockLabels(tx, userId);
    const update = tx
      .updateTable("app.tag")
      .set(fields)
      .where("user_id", "=", userId)
      .where("id", "=", id)
      .returning(columns(userId))
      .executeTakeFirst();
    const row = await withTakenError("tag", fields.name ?? "", update);
    if (row === undefined) throw new LabelNotFoundError("tag", id);
    return toTag(row);
  },

  /** Deletes the tag and takes it off its tasks. Throws LabelNotFoundError. */
  async deleteTag(tx: Tx, userId: string, id: string): Promise<void> {
    await lockLabels(tx, userId);
    await tx
      .updateTable("app.task")
      .set({ version: sql<number>`version + 1`, updated_at: sql<Date>`now()` })
      .where("user_id", "=", userId)
      .where("id", "in", (eb) =>
        eb.selectFrom("app.task_tag").select("task_id").where("user_id", "=", userId).where("tag_id", "=", id),
      )
      .execute();
    const { numDeletedRows } = await tx
      .deleteFrom("app.tag")
      .where("user_id", "=", userId)
      .where("id", "=", id)
      .executeTakeFirstOrThrow();
    if (numDeletedRows === 0n) throw new LabelNotFoundError("tag", id);
  },
};

function toTag({ created_at, ...row }: Omit<Tag, "created_at"> & { created_at: Date }): Tag {
  return { ...row, created_at: created_at.toISOString() };
}

import { sql } from "kysely";
import type { Tx } from "../bind-to-user.ts";
import { newId } from "../id.ts";

/**
 * The id of the project with this name, whatever its case. The first mention makes the project, and a mention takes it out of
 * the archive. Needs `lockLabels`.
 */
export async function mentionedProject(tx: Tx, userId: string, name: string): Promise<string> {
  const find = () =>
    tx
      .selectFrom("app.project")
      .select(["id", "archived"])
      .where("user_id", "=", userId)
      .where("name_key", "=", lower(name))
      .executeTakeFirst();
  const known = await find();
  if (known === undefined) {
    await tx
      .insertInto("app.project")
      .values({ user_id: userId, id: newId("p"), name })
      .onConflict((conflict) => conflict.columns(["user_id", "name_key"]).doNothing())
      .execute();
    return (await find())?.id ?? mentionedProject(tx, userId, name);
  }
  if (known.archived) {
    await tx
      .updateTable("app.project")
      .set({ archived: false })
      .where("user_id", "=", userId)
      .where("id", "=", known.id)
      .execute();
  }
  return known.id;
}

/** Gives the task these tags and no others. The first mention makes a tag. Needs `lockLabels`. */
export async function setTags(tx: Tx, userId: string, taskId: string, names: readonly string[]): Promise<void> {
  await tx.deleteFrom("app.task_tag").where("user_id", "=", userId).where("task_id", "=", taskId).execute();
  if (names.length === 0) return;
  const known = await tagIds(tx, userId, names);
  if (known.length < names.length) {
    await tx
      .insertInto("app.tag")
      .values(names.map((name) => ({ user_id: userId, id: newId("g"), name })))
      .onConflict((conflict) => conflict.columns(["user_id", "name_key"]).doNothing())
      .execute();
  }
  await addTags(tx, userId, taskId, known.length < names.length ? await tagIds(tx, userId, names) : known);
}

/** Gives the task these tags besides the ones that it has. */
export async function addTags(tx: Tx, userId: string, taskId: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .insertInto("app.task_tag")
    .values(ids.map((id) => ({ user_id: userId, task_id: taskId, tag_id: id })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function tagIds(tx: Tx, userId: string, names: readonly string[]): Promise<string[]> {
  const rows = await tx
    .selectFrom("app.tag")
    .select("id")
    .where("user_id", "=", userId)
    .where("name_key", "in", names.map(lower))
    .execute();
  return rows.map(({ id }) => id);
}

/** The name as the database compares it. */
export function lower(name: string) {
  return sql<string>`lower(${name})`;
}

import { createDatabase, type Database } from "@taskassistant/db";
import { createTestDatabase, runSql, type TestDatabase } from "@taskassistant/db/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { InvalidCursorError, type Tasks, tasksFor } from "../index.ts";

const log = { info: () => {}, warn: () => {}, error: () => {} };
let server: TestDatabase;
let db: Database;
let userId: string;
let ann: Tasks;
let ben: Tasks;

beforeAll(async () => {
  server = await createTestDatabase();
  db = createDatabase({ url: server.appUrl, ssl: { mode: "disable" }, poolSize: 4, applicationName: "test", log });
});
beforeEach(async () => {
  userId = await server.createUser("Ann");
  ann = tasksFor(db, userId);
  ben = tasksFor(db, await server.createUser("Ben"));
});
afterAll(async () => {
  await db?.close();
  await server?.drop();
});

/** Adds tasks and deletes them, each a minute after the one before. */
async function trashed(...titles: string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const [index, title] of titles.entries()) {
    const { id } = await ann.add({ title, notes: "n", due: "2026-03-01" });
    await ann.delete([id]);
    await runSql(server.adminUrl, "update app.task set deleted_at = now() - make_interval(mins => $1) where id = $2", [
      titles.length - index,
      id,
    ]);
    ids.push(id);
  }
  return ids;
}

test("a deleted task is in the trash, and comes back with its id and all its fields", async () => {
  const task = await ann.add({ title: "bread", notes: "rye", due: "2026-11-24" });
  const done = await ann.update(task.id, { done: true });
  await ann.delete([task.id]);
  const { tasks, total } = await ann.listTrash({});
  expect([tasks.map(({ id }) => id), total]).toEqual([[task.id], 1]);
  const restored = await ann.restore([task.id]);
  expect(restored).toEqual({ tasks: [{ ...done, version: 4, updated_at: expect.any(String) }], failures: [] });
  expect((await ann.listTrash({})).total).toBe(0);
  // Repeating it changes nothing.
  expect((await ann.restore([task.id])).tasks[0]?.version).toBe(4);
});

test("the pages of the trash are the whole trash, what was deleted last first", async () => {
  const ids = await trashed("a", "b", "c", "d", "e");
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await ann.listTrash({ limit: 2, ...(cursor === undefined ? {} : { cursor }) });
    expect(page.total).toBe(5);
    seen.push(...page.tasks.map(({ id }) => id));
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  expect(seen).toEqual(ids.toReversed());
  await expect(ann.listTrash({ cursor: "bm90IG91cnM" })).rejects.toThrow(InvalidCursorError);
});

test("emptying the trash deletes for good what is old enough, and nothing that is not in the trash", async () => {
  await trashed("old", "new");
  const open = await ann.add({ title: "open" });
  expect(await ann.emptyTrash({ minutesKept: 2 })).toEqual({ deleted: 1, left: 1 });
  expect(await ann.emptyTrash({ minutesKept: 0 })).toEqual({ deleted: 1, left: 0 });
  const { rows } = await runSql(server.adminUrl, "select id from app.task where user_id = $1", [userId]);
  expect(rows).toEqual([{ id: open.id }]);
});

test("one task is deleted for good, and only from the trash", async () => {
  const [id = ""] = await trashed("gone");
  const open = await ann.add({ title: "open" });
  expect([await ann.purge(open.id), await ann.purge(id), await ann.purge(id)]).toEqual([false, true, false]);
  expect((await ann.restore([id])).failures).toHaveLength(1);
  expect(await ann.get(open.id)).toMatchObject({ title: "open" });
});

test("another user's trash is neither seen nor touched", async () => {
  const ids = await trashed("mine");
  expect((await ben.listTrash({})).total).toBe(0);
  expect((await ben.restore(ids)).tasks).toEqual([]);
  expect(await ben.purge(ids[0] ?? "")).toBe(false);
  expect(await ben.emptyTrash({ minutesKept: 0 })).toEqual({ deleted: 0, left: 0 });
  expect((await ann.listTrash({})).tasks.map(({ id }) => id)).toEqual(ids);
});

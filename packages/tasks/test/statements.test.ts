import { createDatabase, type Database } from "@taskassistant/db";
import { createTestDatabase, recordStatements, type TestDatabase, unscoped } from "@taskassistant/db/testing";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Tasks, tasksFor } from "../src/index.ts";

const log = { info: () => {}, warn: () => {}, error: () => {} };
let server: TestDatabase;
let db: Database;

beforeAll(async () => {
  server = await createTestDatabase();
  db = createDatabase({ url: server.appUrl, ssl: { mode: "disable" }, poolSize: 1, applicationName: "test", log });
});
afterAll(async () => {
  await db?.close();
  await server?.drop();
});

/**
 * Calls of rules, with every option that changes their SQL. Rules without options need no line: the tests of the MCP server and of
 * the API record the statements of every tool and of every route.
 */
const CALLS = {
  add: async (tasks) => {
    await tasks.add({ title: "two", notes: "n", due: "2026-03-01" });
  },
  get: (tasks, id) => tasks.get(id),
  list: async (tasks) => {
    const { next_cursor } = await tasks.list({ limit: 1 });
    await tasks.list({ limit: 1, cursor: next_cursor ?? "" });
    await tasks.list({ status: "done", query: "x", due_from: "2026-01-01", due_to: "2026-12-31" });
    await tasks.list({ status: "done", completed_from: "2026-01-01T00:00:00Z" });
    await tasks.list({ status: "all", priority: 1 });
    await tasks.list({ project: "Home", tag: "errand" });
  },
  update: async (tasks, id) => {
    await tasks.update(id, { title: "t", notes: "n", due: "2026-03-02", done: true }, { expectedVersion: 1 });
    await tasks.update(id, { done: false });
    await tasks.update(id, { due: null });
    await tasks.update(id, { title: "stale" }, { expectedVersion: 1 }).catch(() => {});
  },
  labels: async (tasks, id) => {
    await tasks.update(id, { project: "Home", tags: ["errand", "shop"] });
    await tasks.update(id, { project: "home", tags: ["errand"] });
    const { projects } = await tasks.listProjects();
    const { tags } = await tasks.listTags();
    for (const each of projects) {
      await tasks.updateProject(each.id, { name: "House", color: "blue", archived: true });
      await tasks.update(id, { project: "House" });
      await tasks.deleteProject(each.id);
    }
    for (const each of tags) {
      await tasks.updateTag(each.id, { name: `${each.name}s` });
      await tasks.deleteTag(each.id);
    }
    await tasks.addProject({ name: "Work" });
    await tasks.addTag({ name: "later" });
  },
  complete: (tasks, id) => tasks.complete([id]),
  series: async (tasks) => {
    const { id } = await tasks.add({ title: "plants", due: "2026-03-01", repeat: "FREQ=DAILY", tags: ["garden"] });
    await tasks.update(id, { done: true });
    await tasks.update(id, { done: false });
    await tasks.complete([id]);
  },
  delete: (tasks, id) => tasks.delete([id]),
  listTrash: async (tasks, id) => {
    await tasks.delete([id]);
    const { next_cursor } = await tasks.listTrash({ limit: 1 });
    await tasks.listTrash({ limit: 1, cursor: next_cursor ?? Buffer.from(`0 ${id}`).toString("base64url") });
  },
  restore: (tasks, id) => tasks.restore([id]),
  purge: (tasks, id) => tasks.purge(id),
  emptyTrash: (tasks) => tasks.emptyTrash({ minutesKept: 0 }),
} satisfies Partial<Record<keyof Tasks | "series" | "labels", (tasks: Tasks, id: string) => Promise<unknown>>>;

async function callEverything(userId: string): Promise<void> {
  const tasks = tasksFor(db, userId);
  const { id } = await tasks.add({ title: "one" });
  for (const call of Object.values(CALLS)) await call(tasks, id);
}

test("every statement on tasks names its user and matches the reviewed one", async () => {
  const userId = await server.createUser("Ann");
  const recorder = recordStatements();
  try {
    await callEverything(userId);
  } finally {
    recorder.stop();
  }
  const wrong = recorder.statements.filter((statement) => unscoped(statement) !== undefined);
  expect(wrong).toEqual([]);
  const distinct = [...new Set(recorder.statements.map((statement) => statement.sql))];
  await expect(`${distinct.join(";\n\n")};\n`).toMatchFileSnapshot("./__snapshots__/statements.sql");
});

test("a statement without the filter is reported", async () => {
  const userId = await server.createUser("Ann");
  const recorder = recordStatements();
  try {
    await db.asUser(userId, (tx) => tx.selectFrom("app.task").select("id").execute());
    await db.asUser(userId, (tx) => sql`update app.task set title = ${"x"} where id = ${"y"}`.execute(tx));
  } finally {
    recorder.stop();
  }
  expect(recorder.statements.map(unscoped)).toEqual(Array(2).fill("has no filter on user_id for each table"));
});

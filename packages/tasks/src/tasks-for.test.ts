import { createDatabase, type Database } from "@taskassistant/db";
import { createTestDatabase, type TestDatabase } from "@taskassistant/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tasksFor } from "./index.ts";

const log = { info: () => {}, warn: () => {} };
let server: TestDatabase;
let db: Database;

beforeAll(async () => {
  server = await createTestDatabase();
  db = createDatabase({ url: server.appUrl, ssl: { mode: "disable" }, poolSize: 3, applicationName: "test", log });
});
afterAll(async () => {
  await db?.close();
  await server?.drop();
});

test("a task is added, listed, changed, completed and deleted", async () => {
  const tasks = tasksFor(db, await server.createUser("Ann"));
  const milk = await tasks.add({ title: " Buy milk ", due: "2026-03-01" });
  expect(milk).toMatchObject({ title: "Buy milk", notes: "", done: false, due: "2026-03-01", version: 1 });
  expect(await tasks.list({})).toEqual({ tasks: [milk], total: 1, next_cursor: null });
  const changed = await tasks.update(milk.id, { due: null, notes: "oat" });
  expect(changed).toMatchObject({ due: null, notes: "oat", title: "Buy milk", version: 2 });
  const { tasks: done, failures } = await tasks.complete([milk.id, "t_000000000000"]);
  expect(done).toMatchObject([{ id: milk.id, done: true, version: 3 }]);
  expect(failures).toMatchObject([{ id: "t_000000000000" }]);
  expect((await tasks.delete([milk.id])).tasks).toHaveLength(1);
  expect((await tasks.list({ status: "all" })).total).toBe(0);
});

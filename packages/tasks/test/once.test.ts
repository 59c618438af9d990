import { createDatabase, type Database } from "@taskassistant/db";
import { createTestDatabase, recordStatements, runSql, type TestDatabase, unscoped } from "@taskassistant/db/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { tasksFor } from "../src/index.ts";

const log = { info: () => {}, warn: () => {}, error: () => {} };
let server: TestDatabase;
let db: Database;
let ann: string;

beforeAll(async () => {
  server = await createTestDatabase();
  db = createDatabase({ url: server.appUrl, ssl: { mode: "disable" }, poolSize: 5, applicationName: "test", log });
});
beforeEach(async () => {
  ann = await server.createUser("Ann");
});
afterAll(async () => {
  await db?.close();
  await server?.drop();
});

/** Ann's tasks for a change with the key, and how often it was made before. */
function withKey(key: string, userId = ann) {
  const seen = { replays: 0 };
  return { seen, tasks: tasksFor(db, userId, { once: { key, onReplay: () => seen.replays++ } }) };
}
const titles = async (userId = ann) => (await tasksFor(db, userId).list({ limit: 50 })).tasks.map(({ title }) => title);
const keys = async () =>
  (await runSql(server.adminUrl, "select key from app.idempotency_key where user_id = $1", [ann])).rows.length;

test("a change with the same key is made once, and its result is returned again", async () => {
  const first = withKey("a");
  const again = withKey("a");
  const task = await first.tasks.add({ title: "milk", due: "2026-11-27" });
  expect(await again.tasks.add({ title: "milk", due: "2026-11-27" })).toEqual(task);
  expect([first.seen.replays, again.seen.replays]).toEqual([0, 1]);
  await withKey("b").tasks.add({ title: "milk" });
  expect(await titles()).toEqual(["milk", "milk"]);
});

test("of the same change made many times at once, one is made", async () => {
  const added = await Promise.all(Array.from({ length: 5 }, () => withKey("a").tasks.add({ title: "milk" })));
  expect(new Set(added.map(({ id }) => id)).size).toBe(1);
  expect(await titles()).toEqual(["milk"]);
});

test("a change that failed or changed nothing may be tried again with its key", async () => {
  const missing = "t_000000000000";
  await expect(withKey("a").tasks.update(missing, { title: "x" })).rejects.toThrow();
  expect(await withKey("b").tasks.complete([missing])).toMatchObject({ tasks: [], failures: [{ id: missing }] });
  expect(await keys()).toBe(0);
  const { id } = await tasksFor(db, ann).add({ title: "milk" });
  expect(await withKey("b").tasks.complete([id])).toMatchObject({ tasks: [{ done: true }] });
});

test("another user's change with the same key is another change", async () => {
  const ben = await server.createUser("Ben");
  await withKey("a").tasks.add({ title: "milk" });
  await withKey("a", ben).tasks.add({ title: "eggs" });
  expect([await titles(), await titles(ben)]).toEqual([["milk"], ["eggs"]]);
});

test("reading needs no key", async () => {
  await withKey("a").tasks.list({});
  expect(await keys()).toBe(0);
});

test("keys older than a month are forgotten", async () => {
  await withKey("old").tasks.add({ title: "milk" });
  await runSql(server.adminUrl, "update app.idempotency_key set created_at = now() - interval '31 days'");
  await withKey("new").tasks.add({ title: "eggs" });
  expect(await keys()).toBe(1);
});

test("every statement for a key names its user", async () => {
  const recorder = recordStatements();
  try {
    await withKey("a").tasks.add({ title: "milk" });
    await withKey("a").tasks.add({ title: "milk" });
    await withKey("b").tasks.complete(["t_000000000000"]);
  } finally {
    recorder.stop();
  }
  expect(recorder.statements.flatMap((statement) => unscoped(statement) ?? [])).toEqual([]);
  expect(recorder.statements.filter(({ sql }) => sql.includes("idempotency_key")).length).toBeGreaterThan(5);
});

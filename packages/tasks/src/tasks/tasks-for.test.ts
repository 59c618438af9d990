import { randomUUID } from "node:crypto";
import type { NewTask } from "@taskassistant/contracts";
import { createDatabase, type Database } from "@taskassistant/db";
import { createTestDatabase, type TestDatabase } from "@taskassistant/db/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { InvalidCursorError, TaskNotFoundError, type Tasks, tasksFor, VersionConflictError } from "../index.ts";

const log = { info: () => {}, warn: () => {}, error: () => {} };
const ABSENT = "t_000000000000";
let server: TestDatabase;
let db: Database;
let tasks: Tasks;

beforeAll(async () => {
  server = await createTestDatabase();
  db = createDatabase({ url: server.appUrl, ssl: { mode: "disable" }, poolSize: 3, applicationName: "test", log });
});
afterAll(async () => {
  await db?.close();
  await server?.drop();
});
beforeEach(async () => {
  tasks = tasksFor(db, await server.createUser("Ann"));
});

const titles = async (query: Parameters<Tasks["list"]>[0]) => (await tasks.list(query)).tasks.map((task) => task.title);

test("a new task is open, at version 1, with the rules of the contracts applied", async () => {
  const task = await tasks.add({ title: "  Buy milk ", due: "2026-03-01" });
  expect(task).toMatchObject({ title: "Buy milk", notes: "", done: false, due: "2026-03-01", version: 1 });
  expect(task.id).toMatch(/^t_[0-9a-hjkmnp-tv-z]{12}$/);
  expect(task).toMatchObject({ completed_at: null, updated_at: task.created_at });
  expect(await tasks.get(task.id)).toEqual(task);
  await expect(tasks.add({ title: " " })).rejects.toThrow("title is empty");
});

test("every field of a new task is stored", async () => {
  const everything: Required<NewTask> = {
    title: "Buy milk",
    notes: "oat",
    priority: 1,
    due: "2026-03-01",
    due_time: "17:30",
    due_zone: "Europe/Berlin",
    repeat: "FREQ=WEEKLY;BYDAY=SU",
    repeat_from: "completion",
    project: "Home",
    tags: ["errand", "Shop"],
  };
  expect(await tasks.add(everything)).toMatchObject(everything);
});

test("the due date is the calendar date that was given, whatever the process's time zone", async () => {
  const before = process.env.TZ;
  try {
    for (const zone of ["Pacific/Kiritimati", "Pacific/Pago_Pago"]) {
      process.env.TZ = zone;
      const { id } = await tasks.add({ title: zone, due: "2026-03-29" });
      expect((await tasks.get(id)).due).toBe("2026-03-29");
    }
  } finally {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  }
});

test("a patch changes what it names, and each change is a version", async () => {
  const { id } = await tasks.add({ title: "Buy milk", notes: "oat", due: "2026-03-01" });
  expect(await tasks.update(id, { due: null })).toMatchObject({ due: null, notes: "oat", version: 2 });
  const done = await tasks.update(id, { done: true });
  expect(done).toMatchObject({ done: true, version: 3 });
  expect((await tasks.update(id, { done: true })).completed_at).toBe(done.completed_at);
  expect(await tasks.update(id, { done: false })).toMatchObject({ done: false, completed_at: null, version: 5 });
  await expect(tasks.update(id, {})).rejects.toThrow("patch is empty");
});

test("a change based on an old version is refused with the task as it is now", async () => {
  const { id } = await tasks.add({ title: "Buy milk" });
  const now = await tasks.update(id, { title: "Buy oat milk" }, { expectedVersion: 1 });
  const stale = tasks.update(id, { title: "Buy soy milk" }, { expectedVersion: 1 });
  await expect(stale).rejects.toThrow(VersionConflictError);
  await expect(stale).rejects.toMatchObject({ current: now });
  expect(await tasks.get(id)).toEqual(now);
});

test("of changes at the same time that expect the same version exactly one happens", async () => {
  const { id } = await tasks.add({ title: "Buy milk" });
  const outcomes = await Promise.allSettled(
    Array.from({ length: 8 }, (_, index) => tasks.update(id, { title: `by ${index}` }, { expectedVersion: 1 })),
  );
  expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
  expect(await tasks.get(id)).toMatchObject({ version: 2 });
});

test("an unknown id is not found, for each call that takes one", async () => {
  await expect(tasks.get(ABSENT)).rejects.toThrow(TaskNotFoundError);
  await expect(tasks.update(ABSENT, { done: true })).rejects.toThrow(TaskNotFoundError);
  await expect(tasks.update(ABSENT, { done: true }, { expectedVersion: 1 })).rejects.toThrow(TaskNotFoundError);
  await expect(tasks.get("'; drop table app.task; --")).rejects.toThrow(TaskNotFoundError);
});

test("completing and deleting return one result for each id, in the order of the request", async () => {
  const [one, two] = [await tasks.add({ title: "one" }), await tasks.add({ title: "two" })];
  const done = await tasks.complete([two.id, ABSENT, one.id, two.id]);
  expect(done.tasks.map((task) => [task.id, task.done, task.version])).toEqual([
    [two.id, true, 2],
    [one.id, true, 2],
  ]);
  expect(done.failures).toEqual([{ id: ABSENT, message: expect.stringContaining(ABSENT) }]);
  const again = await tasks.complete([one.id]);
  expect(again).toEqual({ tasks: [done.tasks[1]], failures: [] });
  const deleted = await tasks.delete([one.id, ABSENT]);
  expect(deleted.tasks.map((task) => task.id)).toEqual([one.id]);
  expect(deleted.failures.map((failure) => failure.id)).toEqual([ABSENT]);
});

test("a deleted task is found by no call, and its row is kept", async () => {
  const { id } = await tasks.add({ title: "Buy milk" });
  await tasks.delete([id]);
  await expect(tasks.get(id)).rejects.toThrow(TaskNotFoundError);
  await expect(tasks.update(id, { done: true })).rejects.toThrow(TaskNotFoundError);
  expect((await tasks.complete([id])).failures).toHaveLength(1);
  expect((await tasks.delete([id])).failures).toHaveLength(1);
  expect(await tasks.list({ status: "all" })).toEqual({ tasks: [], total: 0, next_cursor: null });
  const admin = createDatabase({
    url: server.adminUrl,
    ssl: { mode: "disable" },
    poolSize: 1,
    applicationName: "test",
    log,
  });
  const rows = await admin.asUser("nobody", (tx) =>
    tx.selectFrom("app.task").select("deleted_at").where("id", "=", id).execute(),
  );
  await admin.close();
  expect(rows).toEqual([{ deleted_at: expect.any(Date) }]);
});

test("a list filters by state and by inclusive dates", async () => {
  const first = await tasks.add({ title: "first", due: "2026-03-01" });
  await tasks.add({ title: "last", due: "2026-03-31" });
  await tasks.add({ title: "never" });
  await tasks.complete([first.id]);
  expect(await titles({})).toEqual(["last", "never"]);
  expect(await titles({ status: "done" })).toEqual(["first"]);
  expect(await titles({ status: "all" })).toEqual(["first", "last", "never"]);
  expect(await titles({ status: "all", due_from: "2026-03-01", due_to: "2026-03-31" })).toEqual(["first", "last"]);
  expect(await titles({ status: "all", due_from: "2026-03-02" })).toEqual(["last"]);
  expect(await titles({ status: "all", due_to: "2026-03-30" })).toEqual(["first"]);
});

test("a search finds the literal text in title or notes, whatever its case", async () => {
  await tasks.add({ title: "Pay 100% of the BILL" });
  await tasks.add({ title: "snake_case", notes: "see C:\\temp" });
  await tasks.add({ title: "Kein Ärger" });
  expect(await titles({ query: "bill" })).toEqual(["Pay 100% of the BILL"]);
  expect(await titles({ query: "ÄRGER" })).toEqual(["Kein Ärger"]);
  expect(await titles({ query: "kein ärger" })).toEqual(["Kein Ärger"]);
  expect(await titles({ query: "0% o" })).toEqual(["Pay 100% of the BILL"]);
  expect(await titles({ query: "%" })).toEqual(["Pay 100% of the BILL"]);
  expect(await titles({ query: "_" })).toEqual(["snake_case"]);
  expect(await titles({ query: "c:\\T" })).toEqual(["snake_case"]);
  expect(await titles({ query: "\\" })).toEqual(["snake_case"]);
  expect(await titles({ query: "  " })).toHaveLength(3);
});

test("a cursor that no list returned is refused", async () => {
  const encoded = (text: string) => Buffer.from(text).toString("base64url");
  for (const cursor of [
    "nonsense",
    "",
    encoded("infinity 0"),
    encoded(`infinity 1e3 ${ABSENT}`),
    encoded(`2026-02-30 0 ${ABSENT}`),
    encoded(`infinity 0 ${randomUUID()}`),
    encoded(`infinity 0 ${ABSENT} more`),
    encoded(`infinity 999999999999999 ${ABSENT}`),
  ]) {
    await expect(tasks.list({ cursor }), cursor).rejects.toThrow(InvalidCursorError);
  }
  expect((await tasks.list({ cursor: encoded(`infinity 0 ${ABSENT}`) })).tasks).toEqual([]);
});

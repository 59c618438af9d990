import type { NewTask } from "@taskassistant/contracts";
import { createDatabase, type Database } from "@taskassistant/db";
import { createTestDatabase, type TestDatabase } from "@taskassistant/db/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { InvalidTaskError, type Tasks, tasksFor } from "../index.ts";

const log = { info: () => {}, warn: () => {}, error: () => {} };
/** Far enough in the future that no occurrence is over. */
const FIRST = "2126-03-04";
const DAILY = { title: "Water plants", due: FIRST, repeat: "FREQ=DAILY" };
let server: TestDatabase;
let db: Database;
let tasks: Tasks;

beforeAll(async () => {
  server = await createTestDatabase();
  db = createDatabase({ url: server.appUrl, ssl: { mode: "disable" }, poolSize: 4, applicationName: "test", log });
});
afterAll(async () => {
  await db?.close();
  await server?.drop();
});
beforeEach(async () => {
  tasks = tasksFor(db, await server.createUser("Ann"));
});

const open = async () => (await tasks.list({ status: "open" })).tasks;

test("completing a task that repeats makes the next one, with everything that the person said about it", async () => {
  const said: Required<NewTask> = {
    ...DAILY,
    notes: "both rooms",
    priority: 2,
    due_time: "18:00",
    due_zone: "Europe/Berlin",
    repeat_from: "due",
    project: "Home",
    tags: ["green"],
  };
  const first = await tasks.add(said);
  await tasks.complete([first.id]);
  expect(await open()).toMatchObject([{ ...said, due: "2126-03-05", occurrence: 2, version: 1, done: false }]);
  expect(await tasks.get(first.id)).toMatchObject({ done: true, due: FIRST });
});

test("a repetition of the completion completes no later occurrence and makes no second one", async () => {
  const first = await tasks.add(DAILY);
  await Promise.all(Array.from({ length: 4 }, () => tasks.complete([first.id])));
  await Promise.all(Array.from({ length: 4 }, () => tasks.update(first.id, { done: true })));
  expect(await open()).toMatchObject([{ due: "2126-03-05", occurrence: 2 }]);
});

test("opening a task again takes back the next one, but not one that somebody changed", async () => {
  const first = await tasks.add(DAILY);
  await tasks.complete([first.id]);
  await tasks.update(first.id, { done: false });
  expect((await open()).map(({ id }) => id)).toEqual([first.id]);

  await tasks.complete([first.id]);
  const [next] = await open();
  await tasks.update(next!.id, { notes: "and the balcony" });
  await tasks.update(first.id, { done: false });
  await tasks.complete([first.id]);
  expect(await open()).toMatchObject([{ id: next!.id, notes: "and the balcony" }]);
});

test("the last of a series has no next one", async () => {
  const { id } = await tasks.add({ ...DAILY, repeat: "FREQ=DAILY;COUNT=1" });
  await tasks.complete([id]);
  const until = await tasks.add({ ...DAILY, repeat: "FREQ=DAILY;UNTIL=21260304" });
  await tasks.complete([until.id]);
  expect(await open()).toEqual([]);
});

test("a time, a zone and a repetition go with the day they belong to", async () => {
  const { id } = await tasks.add({ ...DAILY, due_time: "18:00", due_zone: "Europe/Berlin" });
  const cleared = { due: null, due_time: null, due_zone: null, repeat: null };
  expect(await tasks.update(id, { due: null })).toMatchObject(cleared);
  await expect(tasks.update(id, { due_time: "18:00" })).rejects.toThrow("due: the task has no due day");
  await expect(tasks.add({ title: "x", due_time: "18:00" })).rejects.toThrow("due is missing");
  await expect(tasks.update(id, { due: null, repeat: "FREQ=DAILY" })).rejects.toThrow("due is missing");
  expect(await tasks.get(id)).toMatchObject(cleared);
});

test.each([
  ["FREQ=HOURLY", "repeat: FREQ must be one of"],
  ["FREQ=MONTHLY;BYSETPOS=1", "repeat: BYSETPOS is not a part of a rule"],
  ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=13;BYDAY=5MO", "repeat: the rule names no day"],
])("the rule %s is refused in words", async (repeat, sentence) => {
  const adding = tasks.add({ ...DAILY, repeat });
  await expect(adding).rejects.toThrow(InvalidTaskError);
  await expect(adding).rejects.toThrow(sentence);
  const { id } = await tasks.add({ title: "plain", due: FIRST });
  await expect(tasks.update(id, { repeat })).rejects.toThrow(sentence);
});

test("a list can be asked for a priority", async () => {
  for (const priority of [1, 4]) await tasks.add({ title: `p${priority}`, priority });
  expect((await tasks.list({ priority: 1 })).tasks.map(({ title }) => title)).toEqual(["p1"]);
});

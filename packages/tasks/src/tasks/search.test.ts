import { createDatabase, type Database } from "@taskassistant/db";
import { createTestDatabase, type TestDatabase } from "@taskassistant/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Tasks, tasksFor } from "../index.ts";

const log = { info: () => {}, warn: () => {}, error: () => {} };
const TITLES = [
  "100% sure (really?)",
  "C:\\temp\\*.txt",
  "a.b|c",
  "snake_case",
  "***=stars [x] ^$",
  "Straße ÄÖÜ",
  "漢字かな",
];
let server: TestDatabase;
let db: Database;
let tasks: Tasks;

beforeAll(async () => {
  server = await createTestDatabase();
  db = createDatabase({ url: server.appUrl, ssl: { mode: "disable" }, poolSize: 4, applicationName: "test", log });
  tasks = tasksFor(db, await server.createUser("Ann"));
  for (const title of TITLES) await tasks.add({ title, notes: `Notes of ${title}` });
});
afterAll(async () => {
  await db?.close();
  await server?.drop();
});

test.each([
  "%",
  "_",
  "\\",
  ".",
  "*",
  ".*",
  "(?",
  "a.b|c",
  "|",
  "[x]",
  "^$",
  "***=",
  "***:.*",
  "(?i)a",
  "\\m",
  "äöü",
  "straße",
  "SNAKE",
  "漢字",
  "notes OF",
  "nowhere",
  `${"a".repeat(199)}b`,
])("a search for %s finds the tasks with this text and no others", async (query) => {
  const expected = TITLES.filter((title) => `${title}\nNotes of ${title}`.toLowerCase().includes(query.toLowerCase()));
  const { tasks: found, total } = await tasks.list({ query });
  expect({ titles: found.map((task) => task.title), total }).toEqual({ titles: expected, total: expected.length });
});

test("a search counts all that match on every page, and behind the last one too", async () => {
  const first = await tasks.list({ query: "notes", limit: 5 });
  const second = await tasks.list({ query: "notes", limit: 5, cursor: first.next_cursor ?? "" });
  expect([first.total, first.tasks.length, second.total, second.tasks.length]).toEqual([7, 5, 7, 2]);
  const behind = Buffer.from("infinity 9999999999999 t_zzzzzzzzzzzz").toString("base64url");
  expect(await tasks.list({ query: "notes", cursor: behind })).toEqual({ tasks: [], total: 7, next_cursor: null });
  expect(await tasks.list({ query: "nowhere" })).toEqual({ tasks: [], total: 0, next_cursor: null });
});

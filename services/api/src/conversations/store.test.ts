import { randomUUID } from "node:crypto";
import { createDatabase, type Database, QuotaExceededError } from "@taskassistant/db";
import { createTestDatabase, type TestDatabase } from "@taskassistant/db/testing";
import { createLogger } from "@taskassistant/kit/process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { conversationsFor } from "./store.ts";

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  const log = createLogger({ name: "test", level: "silent" });
  db = createDatabase({
    url: database.appUrl,
    ssl: { mode: "disable" },
    poolSize: 2,
    applicationName: "test",
    log,
  });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

test("reading a conversation is limited by messages and by bytes, and always gives the newest message", async () => {
  const store = conversationsFor(db, await database.createUser("ana"));
  const id = randomUUID();
  // About 1,000 bytes each. The last but one has two bytes per character.
  for (const text of ["a", "b", "c", "é".repeat(500), "e"]) {
    await store.addQuestion(id, { id: randomUUID(), text: text.length > 1 ? text : text.repeat(1_000) });
  }
  const read = async (count: number, bytes: number) =>
    (await store.messages(id, { count, bytes })).map((message) =>
      message.parts[0]?.type === "text" ? message.parts[0].text[0] : undefined,
    );
  expect(await read(10, 100_000)).toEqual(["a", "b", "c", "é", "e"]);
  expect(await read(2, 100_000)).toEqual(["é", "e"]);
  expect(await read(10, 3_500)).toEqual(["c", "é", "e"]);
  expect(await read(10, 1_500)).toEqual(["e"]);
  expect(await read(10, 10)).toEqual(["e"]);
});

test("an answer is stored though the quota is full, since what it tells has happened; the next question meets the quota", async () => {
  const log = createLogger({ name: "test", level: "silent" });
  const full = createDatabase({
    url: database.appUrl,
    ssl: { mode: "disable" },
    poolSize: 1,
    applicationName: "test",
    log,
    quotas: { bytes: 1_000 },
  });
  const store = conversationsFor(full, await database.createUser("dora"));
  const [id, questionId] = [randomUUID(), randomUUID()];
  await store.addQuestion(id, { id: questionId, text: "go" });
  const parts = [{ type: "text" as const, text: "x".repeat(2_000) }];
  const end = { status: "completed" as const };
  expect(await store.addAnswer(id, { id: randomUUID(), questionId, parts, end, startedAt: new Date() })).toBe(true);
  await expect(store.addQuestion(id, { id: randomUUID(), text: "again" })).rejects.toThrow(QuotaExceededError);
  expect((await store.get(id))?.messages).toHaveLength(2);
  await full.close();
});

test("a conversation opens with its newest megabyte", async () => {
  const store = conversationsFor(db, await database.createUser("ben"));
  const id = randomUUID();
  const questionId = randomUUID();
  await store.addQuestion(id, { id: questionId, text: "go" });
  for (let index = 0; index < 6; index++) {
    const parts = [{ type: "text" as const, text: `${index}${"x".repeat(250_000)}` }];
    await store.addAnswer(id, {
      id: randomUUID(),
      questionId,
      parts,
      end: { status: "completed" },
      startedAt: new Date(),
    });
  }
  const messages = (await store.get(id))?.messages ?? [];
  expect(messages.map((message) => (message.parts[0]?.type === "text" ? message.parts[0].text[0] : ""))).toEqual([
    "2",
    "3",
    "4",
    "5",
  ]);
});

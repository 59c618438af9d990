import { randomUUID } from "node:crypto";
import { createDatabase, type Database } from "@taskassistant/db";
import { createTestDatabase, type LossyServer, startLossyServer, type TestDatabase } from "@taskassistant/db/testing";
import { createLogger } from "@taskassistant/kit/process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keepAnswer } from "./keep-answer.ts";
import { conversationsFor } from "./store.ts";

const log = createLogger({ name: "test", level: "silent" });
let database: TestDatabase;
let server: LossyServer;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  server = await startLossyServer(database.appUrl);
  db = createDatabase({ url: server.url, ssl: { mode: "disable" }, poolSize: 2, applicationName: "test", log });
});
afterAll(async () => {
  await db.close();
  await server.close();
  await database.drop();
});

test("an answer whose commit was not acknowledged is stored once and in its place", async () => {
  const store = conversationsFor(db, await database.createUser("ana"));
  const id = randomUUID();
  const questionId = randomUUID();
  await store.addQuestion(id, { id: questionId, text: "go" });
  const answer = (text: string) => ({
    id: randomUUID(),
    questionId,
    parts: [{ type: "text" as const, text }],
    end: { status: "completed" as const },
    startedAt: new Date(),
  });
  const first = answer("first");
  server.lose = 1;
  await expect(store.addAnswer(id, first)).rejects.toThrow();
  // It is stored all the same; only the acknowledgement was lost.
  expect(await store.messages(id, { count: 10, bytes: 10_000 })).toHaveLength(2);
  expect(await keepAnswer(store, id, first, log)).toBe(true);
  server.lose = 2;
  const second = answer("second");
  expect(await keepAnswer(store, id, second, log)).toBe(true);
  expect(server.lose).toBe(0);
  const kept = await store.messages(id, { count: 10, bytes: 10_000 });
  expect(kept.slice(1).map((message) => message.id)).toEqual([first.id, second.id]);
});

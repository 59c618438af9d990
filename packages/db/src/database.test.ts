import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type Database } from "./index.ts";
import { createTestDatabase, type TestDatabase } from "./testing/index.ts";

const log = { info: () => {}, warn: () => {} };
let server: TestDatabase;
let db: Database;

beforeAll(async () => {
  server = await createTestDatabase();
  db = createDatabase({ url: server.appUrl, ssl: { mode: "disable" }, poolSize: 2, applicationName: "test", log });
});
afterAll(async () => {
  await db?.close();
  await server?.drop();
});

test("a migrated database is ready", async () => {
  await expect(db.ready()).resolves.toBeUndefined();
});

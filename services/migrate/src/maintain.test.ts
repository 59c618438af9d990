import { execFile } from "node:child_process";
import { join } from "node:path";
import { createTestDatabase, runSql, type TestDatabase, withParts } from "@taskassistant/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";

const PROGRAM = join(import.meta.dirname, "maintain.ts");
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function run(env: Record<string, string>): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [PROGRAM], { env }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

test("the program deletes what has expired, logs how much, and exits with 0", async () => {
  const user = await database.createUser("Ann");
  await runSql(
    database.adminUrl,
    "insert into app.task (user_id, id, title, deleted_at) values ($1, 't_000000000001', 'x', now() - interval '3 days')",
    [user],
  );
  const { code, stdout, stderr } = await run({ DATABASE_URL: database.maintenanceUrl, TRASH_RETENTION_DAYS: "2" });
  expect([code, stderr]).toEqual([0, ""]);
  expect(JSON.parse(stdout.trim().split("\n").at(-1) ?? "")).toMatchObject({ deleted: { trashedTasks: 1 } });
});

test("a database that can't be used exits with 1, and the password is in no output", async () => {
  const { code, stdout, stderr } = await run({
    DATABASE_URL: withParts(database.maintenanceUrl, { password: "wrong-one" }),
  });
  expect(code).toBe(1);
  expect(stderr).toContain("password authentication failed");
  expect(stdout + stderr).not.toContain("wrong-one");
});

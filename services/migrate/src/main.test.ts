import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestDatabase, type TestDatabase, withParts } from "@taskassistant/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";

const PROGRAM = join(import.meta.dirname, "main.ts");
let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  [database, folder] = await Promise.all([createTestDatabase(), mkdtemp(join(tmpdir(), "migrate-test-"))]);
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

interface Outcome {
  code: number | null;
  stderr: string;
  termination: string;
}

async function run(changes: Record<string, string>): Promise<Outcome> {
  const termination = join(folder, "termination-log");
  await writeFile(termination, "");
  const env = {
    DATABASE_ADMIN_URL: database.adminUrl,
    DATABASE_WAIT_SECONDS: "0",
    INSTANCE_ID: database.instanceId,
    AUTH_ROLE_PASSWORD: database.passwords.auth,
    APP_ROLE_PASSWORD: database.passwords.app,
    BETTER_AUTH_SECRET: database.authSecret,
    TERMINATION_MESSAGE_PATH: termination,
    ...changes,
  };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [PROGRAM], { env }, async (_error, _stdout, stderr) => {
      resolve({ code: child.exitCode, stderr, termination: await readFile(termination, "utf8") });
    });
  });
}

test("a migration that succeeds exits with 0 and prints nothing", async () => {
  expect(await run({})).toEqual({ code: 0, stderr: "", termination: "" });
});

test("a refusal exits with 1 and reports its reason on standard error and in the termination message", async () => {
  const { code, stderr, termination } = await run({ BETTER_AUTH_SECRET: "x".repeat(32) });
  expect(code).toBe(1);
  expect(JSON.parse(termination)).toMatchObject({ reason: "ForeignData", message: expect.stringContaining("secret") });
  expect(JSON.parse(stderr)).toEqual(JSON.parse(termination));
});

test("every problem of the environment is listed", async () => {
  const { code, stderr } = await run({ INSTANCE_ID: "Demo", APP_ROLE_PASSWORD: "short", BETTER_AUTH_SECRET: "" });
  expect(code).toBe(1);
  for (const name of ["INSTANCE_ID", "APP_ROLE_PASSWORD", "BETTER_AUTH_SECRET"]) expect(stderr).toContain(name);
});

test("a server that stays unreachable fails the program after the configured wait", async () => {
  const url = withParts(database.adminUrl, { database: "no_such_database" });
  const { code, termination } = await run({ DATABASE_ADMIN_URL: url, DATABASE_WAIT_SECONDS: "1", LOG_LEVEL: "silent" });
  expect(code).toBe(1);
  expect(JSON.parse(termination).reason).toBe("DatabaseUnreachable");
});

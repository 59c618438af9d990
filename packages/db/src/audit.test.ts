import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { createDatabase, type Database, roleNames } from "./index.ts";
import { createTestDatabase, runSql, type TestDatabase } from "./testing/index.ts";

const alarms: { fields: object; message: string }[] = [];
const log = {
  info: () => {},
  warn: () => {},
  error: (fields: object, message: string) => void alarms.push({ fields, message }),
};

let server: TestDatabase;
let db: Database;
let ann: string;
let bob: string;

beforeAll(async () => {
  server = await createTestDatabase();
  db = createDatabase({ url: server.appUrl, ssl: { mode: "disable" }, poolSize: 2, applicationName: "test", log });
  [ann, bob] = await Promise.all([server.createUser("Ann"), server.createUser("Bob")]);
});
afterAll(async () => {
  await db.close();
  await server.drop();
});
beforeEach(() => {
  alarms.length = 0;
});
afterEach(() => runSql(server.adminUrl, "delete from app.audit"));

test("an entry records who did what and why, but neither the user's id nor the arguments", async () => {
  const entry = {
    actor: "api",
    clientId: "api",
    action: "add_task",
    outcome: "refused",
    reason: "user_mismatch",
  } as const;
  const about = { jti: "j1", requestId: "r1" };
  await db.appendAudit({ userId: ann, ...entry, arguments: { title: "secret\0plan", due: null }, ...about });
  await db.appendAudit({ userId: ann, ...entry, arguments: { due: null, title: "secret\0plan" }, ...about });
  await db.appendAudit({ userId: bob, ...entry, reason: "\0".repeat(5000), arguments: { title: "other" } });
  await db.appendAudit({ actor: "unknown", action: "list_tasks", outcome: "failed" });
  const { rows } = await runSql(server.adminUrl, "select * from app.audit order by id");
  expect(rows).toHaveLength(4);
  expect(rows[0]).toMatchObject({ actor: "api", client_id: "api", action: "add_task", outcome: "refused" });
  expect(rows[0]).toMatchObject({ reason: "user_mismatch", jti: "j1", request_id: "r1" });
  expect(rows[0].subject).toMatch(/^[0-9a-f]{64}$/);
  expect(rows[1]).toMatchObject({ subject: rows[0].subject, arguments_digest: rows[0].arguments_digest });
  expect(rows[2].subject).not.toBe(rows[0].subject);
  expect(rows[2].arguments_digest).not.toBe(rows[0].arguments_digest);
  expect(rows[3]).toMatchObject({ subject: null, arguments_digest: null });
  expect(JSON.stringify(rows)).not.toMatch(new RegExp(`${ann}|secret`));
});

test("an entry is stored even when its arguments are nested too deeply to be serialised", async () => {
  const actor = "deep";
  for (const depth of [100_000, 200_000]) {
    const nested: unknown = JSON.parse(`{"title":${"[".repeat(depth)}${"]".repeat(depth)}}`);
    await db.appendAudit({ userId: ann, actor, action: "add_task", outcome: "refused", arguments: nested });
  }
  const { rows } = await runSql(server.adminUrl, "select arguments_digest from app.audit where actor = $1", [actor]);
  expect(rows).toHaveLength(2);
  expect(rows[0].arguments_digest).toMatch(/^[0-9a-f]{64}$/);
  expect(rows[1].arguments_digest).toBe(rows[0].arguments_digest);
});

test("an entry stays when the transaction around it rolls back", async () => {
  const actor = roleNames(server.instanceId).app;
  const failing = db.asUser(ann, async () => {
    await db.appendAudit({ userId: ann, actor, action: "add_task", outcome: "failed" });
    throw new Error("work failed");
  });
  await expect(failing).rejects.toThrow("work failed");
  expect((await runSql(server.adminUrl, "select from app.audit where actor = $1", [actor])).rowCount).toBe(1);
});

test("an entry that can't be stored is logged as an error without its arguments, and the caller gets no error", async () => {
  const { app } = roleNames(server.instanceId);
  const entry = {
    userId: ann,
    actor: "api",
    action: "add_task",
    outcome: "refused",
    reason: "user_id_mismatch",
  } as const;
  await runSql(server.adminUrl, `revoke insert on app.audit from ${app}`);
  try {
    await db.appendAudit({ ...entry, arguments: { title: "secret plan" }, jti: "j1", requestId: "r1" });
  } finally {
    const columns = "subject, actor, client_id, action, outcome, reason, arguments_digest, jti, request_id";
    await runSql(server.adminUrl, `grant insert (${columns}) on app.audit to ${app}`);
  }
  expect(alarms).toEqual([
    {
      message: "audit entry not stored",
      fields: { err: expect.objectContaining({ code: "42501" }), audit: { ...entry, jti: "j1", requestId: "r1" } },
    },
  ]);
  expect(JSON.stringify(alarms)).not.toContain("secret");
});

test("a database that does not answer does not hold up the caller", async () => {
  const holder = new pg.Client({ connectionString: server.adminUrl });
  await holder.connect();
  try {
    await holder.query("begin");
    await holder.query("lock table app.audit");
    await db.appendAudit({ userId: ann, actor: "api", action: "add_task", outcome: "allowed" });
    // The audit's own limit ends the wait before the limit of every statement does.
    const err = expect.objectContaining({ message: expect.stringContaining("not stored within") });
    expect(alarms).toEqual([{ message: "audit entry not stored", fields: expect.objectContaining({ err }) }]);
  } finally {
    await holder.end();
  }
});

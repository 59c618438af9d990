import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { appendAdministrationAudit, createDatabase } from "../index.ts";
import { createTestDatabase, runSql, type TestDatabase } from "../testing/index.ts";

const alarms: object[] = [];
const log = { info: () => {}, warn: () => {}, error: (fields: object) => void alarms.push(fields) };
let server: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  server = await createTestDatabase();
  pool = new pg.Pool({ connectionString: server.authUrl, max: 1 });
});
afterAll(async () => {
  await pool.end();
  await server.drop();
});

const rows = async () => (await runSql(server.adminUrl, "select * from auth.audit order by id")).rows;

test("the frontend adds entries with the pseudonyms of the other audit, and an account that is deleted stays in neither", async () => {
  const [ann, ben] = await Promise.all([server.createUser("Ann"), server.createUser("Ben")]);
  const about = { action: "disable", requestId: "r1" };
  await appendAdministrationAudit(pool, { by: ann, on: ben, outcome: "allowed", ...about }, log);
  await appendAdministrationAudit(pool, { on: ben, link: "l1", outcome: "refused", reason: "no\0", ...about }, log);
  const db = createDatabase({ url: server.appUrl, ssl: { mode: "disable" }, poolSize: 1, applicationName: "t", log });
  await db.appendAudit({ userId: ann, actor: "user", action: "add_task", outcome: "allowed" });
  await db.close();
  const [first, second] = await rows();
  const other = await runSql(server.adminUrl, "select subject from app.audit");
  expect(first).toMatchObject({
    actor: other.rows[0].subject,
    action: "disable",
    outcome: "allowed",
    request_id: "r1",
  });
  expect(second).toMatchObject({ actor: null, subject: first.subject, link: "l1", reason: "no\u{fffd}" });
  await runSql(server.adminUrl, `delete from auth."user"`);
  expect(await rows()).toEqual([first, second]);
  expect(JSON.stringify([first, second])).not.toMatch(new RegExp(`${ann}|${ben}`));
  expect(alarms).toEqual([]);
});

test("the frontend can neither read, change nor delete entries, nor learn the key of the pseudonyms", async () => {
  for (const forbidden of [
    "select * from auth.audit",
    "select id from auth.audit",
    "update auth.audit set action = 'x'",
    "delete from auth.audit",
    "truncate auth.audit",
    "insert into auth.audit (at, action, outcome) values (now() - interval '1 year', 'x', 'allowed')",
    "alter table auth.audit disable trigger audit_pseudonyms",
    "insert into auth.audit (action, outcome) values ('x', 'allowed') returning actor",
    "select audit_key from app.instance",
    "select auth.audit_pseudonyms()",
  ]) {
    await expect(runSql(server.authUrl, forbidden), forbidden).rejects.toMatchObject({
      code: expect.stringMatching(/^(42501|0A000)$/),
    });
  }
});

test("an entry that can't be stored is logged as an error, and the caller gets no error", async () => {
  await appendAdministrationAudit(pool, { action: "disable", outcome: "unknown" as "failed" }, log);
  expect(alarms).toEqual([expect.objectContaining({ audit: { action: "disable", outcome: "unknown" } })]);
});

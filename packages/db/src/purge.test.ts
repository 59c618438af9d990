import { afterAll, beforeAll, expect, test } from "vitest";
import { purgeExpired } from "./purge.ts";
import { createTestDatabase, runSql, type TestDatabase } from "./testing/index.ts";

let server: TestDatabase;
beforeAll(async () => {
  server = await createTestDatabase();
});
afterAll(() => server.drop());

const admin = (text: string, values: unknown[] = []) => runSql(server.adminUrl, text, values);
const purge = () =>
  purgeExpired(
    { url: server.maintenanceUrl, ssl: { mode: "disable" }, applicationName: "test" },
    { trashDays: 30, auditDays: 90 },
  );

test("what has expired is deleted, everything else stays, and the totals of the users follow", async () => {
  const users = [await server.createUser("Ann"), await server.createUser("Ben")];
  for (const user of users) {
    await admin(
      `insert into app.task (user_id, id, title, deleted_at)
       select $1, 't_' || lpad(n::text, 12, '0'), 'task', case when n <= 600 then now() - interval '31 days'
         when n = 601 then now() - interval '29 days' end from generate_series(1, 602) n`,
      [user],
    );
    const [task, tag] = ["t_000000000001", "g_000000000001"];
    await admin("insert into app.tag (user_id, id, name) values ($1, $2, 'calls')", [user, tag]);
    await admin("insert into app.task_tag (user_id, task_id, tag_id) values ($1, $2, $3)", [user, task, tag]);
    await admin(
      `insert into auth.session (id, "expiresAt", token, "updatedAt", "userId")
       values ($1 || 'old', now() - interval '1 minute', $1 || 'old', now(), $1),
         ($1 || 'new', now() + interval '1 day', $1 || 'new', now(), $1)`,
      [user],
    );
  }
  await admin(
    `insert into auth.verification (id, identifier, value, "expiresAt")
     values ('old', 'i', 'v', now() - interval '1 minute'), ('new', 'i', 'v', now() + interval '1 minute')`,
  );
  await admin(
    `insert into auth.link (id, digest, kind, "expiresAt")
     values ('old', repeat('0', 64), 'invitation', now() - interval '31 days'),
       ('new', repeat('1', 64), 'invitation', now() - interval '29 days')`,
  );
  await admin(
    `insert into auth."rateLimit" (id, key, count, "lastRequest") values ('old', 'a', 1, 0),
     ('new', 'b', 1, extract(epoch from now()) * 1000)`,
  );
  await admin(
    `insert into app.audit (at, actor, action, outcome)
     values (now() - interval '91 days', 'user', 'old', 'allowed'), (now() - interval '89 days', 'user', 'new', 'allowed')`,
  );
  await admin(
    `insert into auth.audit (at, action, outcome)
     values (now() - interval '91 days', 'old', 'allowed'), (now() - interval '89 days', 'new', 'allowed')`,
  );

  const once = { auditRows: 1, administrationAuditRows: 1, sessions: 2, verifications: 1, links: 1, rateLimits: 1 };
  expect(await purge()).toEqual({ trashedTasks: 1200, ...once });
  expect(Object.values(await purge())).toEqual([0, 0, 0, 0, 0, 0, 0]);
  const left = await admin(
    `select (select array_agg(distinct right(id, 3)) from auth.session) as sessions,
       (select array_agg(id) from auth.verification) as verifications,
       (select array_agg(id) from auth.link) as links,
       (select array_agg(id) from auth."rateLimit") as limits,
       (select array_agg(action) from app.audit) as audit,
       (select array_agg(action) from auth.audit) as administration,
       (select array_agg(tasks::int) from app.usage) as usage,
       (select array_agg(name) from app.tag) as tags, (select count(*)::int from app.task_tag) as tagged`,
  );
  expect(left.rows).toEqual([
    {
      sessions: ["new"],
      verifications: ["new"],
      links: ["new"],
      limits: ["new"],
      audit: ["new"],
      administration: ["new"],
      usage: [2, 2],
      tags: ["calls", "calls"],
      tagged: 0,
    },
  ]);
});

test("the maintenance role reads no text and reaches no task outside of the trash, as whichever user it acts", async () => {
  const user = await server.createUser("Ann");
  await admin("insert into app.task (user_id, id, title) values ($1, 't_000000000001', 'open')", [user]);
  for (const forbidden of [
    "select title from app.task",
    "select * from app.message",
    "update app.task set deleted_at = now()",
    `select email from auth."user"`,
    "select token from auth.session",
    "select digest from auth.link",
    "select * from app.audit",
    "select actor from auth.audit",
    "select bytes from app.usage",
    "select name from app.project",
    "select name from app.tag",
    "select tag_id from app.task_tag",
    "insert into app.audit (actor, action, outcome) values ('a', 'b', 'allowed')",
    "create temporary table t (id int)",
  ]) {
    await expect(runSql(server.maintenanceUrl, forbidden), forbidden).rejects.toMatchObject({ code: "42501" });
  }
  const acting = `set app.user_id = '${user}'; delete from app.task where user_id = '${user}'`;
  await runSql(server.maintenanceUrl, acting);
  const { rows } = await admin("select id from app.task where user_id = $1", [user]);
  expect(rows).toEqual([{ id: "t_000000000001" }]);
});

import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { roleNames } from "../roles.ts";
import { createTestDatabase, type TestDatabase } from "../testing/index.ts";
import { verify } from "./verify.ts";

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.adminUrl });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

test("a migrated database passes the check", async () => {
  await expect(verify(client, roleNames(database.instanceId))).resolves.toBeUndefined();
});

const ownBy = (setting: string) => `user_id = (select nullif(current_setting('${setting}', true), ''))`;
const remade = (how: string, check = `with check (${ownBy("app.user_id")})`) =>
  `drop policy own_rows on app.task;
   create policy own_rows on app.task ${how} using (${ownBy("app.user_id")}) ${check}`;

/** OWNER, AUTH and APP stand for the instance's roles. */
const PLANTED: readonly [what: string, statement: string, reported: RegExp][] = [
  ["row-level security not forced", "alter table app.task no force row level security", /app\.task .*not forced/],
  ["row-level security off", "alter table app.message disable row level security", /app\.message .*not forced/],
  ["no policy", "drop policy own_rows on app.task", /app\.task must have the policy/],
  [
    "a second policy that allows everything",
    "create policy all_rows on app.task using (true)",
    /app\.task must have the policy own_rows .*, and no other/,
  ],
  ["a second policy for one role", "create policy x on app.task for select to APP using (true)", /and no other/],
  ["a second policy that restricts", "create policy x on app.task as restrictive using (true)", /and no other/],
  ["a condition that is always true", "alter policy own_rows on app.message using (true)", /app\.message must have/],
  ["a check that is always true", "alter policy own_rows on app.task with check (true)", /app\.task must have/],
  ["another setting", `alter policy own_rows on app.task using (${ownBy("app.other")})`, /app\.task must have/],
  ["the policy for one role only", "alter policy own_rows on app.task to APP", /app\.task must have/],
  ["the policy by another name", "alter policy own_rows on app.task rename to x", /app\.task must have/],
  ["the policy for one command", remade("for update"), /app\.task must have/],
  ["the policy as a restriction", remade("as restrictive"), /app\.task must have/],
  ["the policy without a check of its own", remade("", ""), /app\.task must have/],
  ["a new table with user rows", "create table app.note (user_id text)", /app\.note .*not forced/],
  ["app reads sessions", "grant select on auth.session to APP", /APP has rights on auth\.session/],
  ["app reads one column", `grant select (email) on auth."user" to APP`, /APP has rights on auth\."user"/],
  ["app enters schema auth", "grant usage on schema auth to APP", /APP has rights in schema auth/],
  ["everyone enters schema auth", "grant usage on schema auth to public", /APP has rights in schema auth/],
  ["auth reads tasks", "grant select on app.task to AUTH", /AUTH has rights on app\.task/],
  ["app reads the audit", "grant select on app.audit to APP", /more than add to app\.audit/],
  ["auth deletes from its audit", "grant delete on auth.audit to AUTH", /AUTH may do more than add to auth\.audit/],
  ["auth reads its audit", "grant select (action) on auth.audit to AUTH", /AUTH may do more than add to auth\.audit/],
  ["app changes the audit", "grant update (reason) on app.audit to APP", /more than add to app\.audit/],
  ["app owns a table", "create table app.own (id int); alter table app.own owner to APP", /APP owns table app\.own/],
  ["app creates tables", "grant create on schema app to APP", /APP may create in schema app/],
  ["app creates tables in another schema", "grant create on schema public to APP", /APP may create in schema public/],
  [
    "app creates temporary tables",
    "grant temporary on database DATABASE to public",
    /APP may create temporary objects/,
  ],
  [
    "app creates large objects",
    "grant execute on function lo_create(oid) to public",
    /APP may create large objects by lo_create/,
  ],
  ["app passes row-level security", "alter role APP bypassrls", /APP has rights beyond a login/],
  [
    "maintenance reads titles",
    "grant select (title) on app.task to MAINTENANCE",
    /MAINTENANCE may read app\.task\.title/,
  ],
  ["maintenance changes tasks", "grant update on app.task to MAINTENANCE", /MAINTENANCE may change app\.task/],
  ["maintenance creates tables", "grant create on schema app to MAINTENANCE", /MAINTENANCE may create in schema app/],
  ["maintenance reaches open tasks", "drop policy only_trashed_rows on app.task", /only_trashed_rows/],
  [
    "maintenance sees more",
    "alter policy trashed_rows on app.task using (true)",
    /app\.task must have the policy own_rows .*, and no other/,
  ],
  ["the trash is open to all", "alter policy trashed_rows on app.task to public", /and no other/],
  ["app is the owner's member", "grant OWNER to APP", /APP is a member of OWNER/],
];

test.each(PLANTED)("a missing protection is reported: %s", async (_what, statement, reported) => {
  const roles = roleNames(database.instanceId);
  const name = new URL(database.adminUrl).pathname.slice(1);
  const named = (text: string) =>
    text
      .replace(/DATABASE/g, name)
      .replace(/MAINTENANCE/g, roles.maintenance)
      .replace(/OWNER/g, roles.owner)
      .replace(/AUTH/g, roles.auth)
      .replace(/APP/g, roles.app);
  await client.query("begin");
  try {
    await client.query(named(statement));
    await expect(verify(client, roles)).rejects.toThrow(new RegExp(named(reported.source)));
  } finally {
    await client.query("rollback");
  }
});

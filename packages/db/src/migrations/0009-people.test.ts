import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, runSql, type TestDatabase } from "../testing/index.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const SESSION = `insert into auth.session (id, "expiresAt", token, "updatedAt", "userId")
  values ($1, now() + interval '1 day', $1, now(), $2)`;
const DISABLE = `update auth."user" set "disabledAt" = now() where id = $1`;
const DISABLED = /a disabled person gets no session/;

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database.authUrl });
  await client.connect();
  return client;
}

test("a session tells when its person was last seen, and a disabled person gets none", async () => {
  const user = await database.createUser("Ann");
  await runSql(database.authUrl, SESSION, ["first", user]);
  const seen = await runSql(database.authUrl, `select "lastSeenAt" from auth."user" where id = $1`, [user]);
  expect(seen.rows[0].lastSeenAt).toBeInstanceOf(Date);
  await runSql(database.authUrl, DISABLE, [user]);
  await expect(runSql(database.authUrl, SESSION, ["second", user])).rejects.toThrow(DISABLED);
});

test("a sign-in that runs while its person is disabled either ends with the others or begins no session", async () => {
  const [disabling, signingIn] = await Promise.all([connect(), connect()]);
  try {
    const user = await database.createUser("Ben");
    await disabling.query("begin");
    await disabling.query(DISABLE, [user]);
    const begun = expect(signingIn.query(SESSION, ["third", user])).rejects.toThrow(DISABLED);
    await disabling.query("commit");
    await begun;

    const other = await database.createUser("Cleo");
    await signingIn.query("begin");
    await signingIn.query(SESSION, ["fourth", other]);
    const disabled = disabling.query(DISABLE, [other]);
    await signingIn.query("commit");
    await disabled;
    const ended = await disabling.query(`delete from auth.session where "userId" = $1 returning id`, [other]);
    expect(ended.rows).toEqual([{ id: "fourth" }]);
  } finally {
    await Promise.all([disabling.end(), signingIn.end()]);
  }
});

test("nobody is an administrator because of a sign-up", async () => {
  const { rows } = await runSql(
    database.adminUrl,
    `insert into auth."user" (id, name, email, "emailVerified") values ('first', 'First', 'first@example.test', false)
     returning role, "disabledAt"`,
  );
  expect(rows).toEqual([{ role: "user", disabledAt: null }]);
});

import { CompiledQuery, sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createDatabase, createPool, type Database, SchemaVersionError, schemaReady } from "./index.ts";
import { createTestDatabase, runSql, type TestDatabase, USER_TABLE_NAMES, USER_TABLES } from "./testing/index.ts";

const log = { info: () => {}, warn: () => {}, error: () => {} };

let server: TestDatabase;
let db: Database;
let ann: string;
let bob: string;

const open = (poolSize: number) =>
  createDatabase({ url: server.appUrl, ssl: { mode: "disable" }, poolSize, applicationName: "test", log });

beforeAll(async () => {
  server = await createTestDatabase();
});
afterAll(() => server?.drop());
/** A single connection, so that a test would see what an earlier transaction left on it. */
beforeEach(async () => {
  db = open(1);
  [ann, bob] = await Promise.all([server.createUser("Ann"), server.createUser("Bob")]);
  for (const user of [ann, bob]) await fill(user);
});
afterEach(() => db?.close());

/** One row in each table. The ids are the same for every user. */
async function fill(user: string): Promise<void> {
  await db.asUser(user, async (tx) => {
    for (const table of USER_TABLE_NAMES) {
      await tx.executeQuery(CompiledQuery.raw(USER_TABLES[table].insert, [user]));
    }
  });
}

test("the list of user tables names every table with a user_id", async () => {
  const { rows } = await runSql(
    server.adminUrl,
    `select format('%s.%s', table_schema, table_name) as name from information_schema.columns
     where table_schema = 'app' and column_name = 'user_id' order by name`,
  );
  expect(rows.map((row) => row.name)).toEqual(USER_TABLE_NAMES.toSorted());
});

const owners = (user: string, table: string) =>
  db.asUser(user, async (tx) => {
    const { rows } = await sql<{ user_id: string }>`select user_id from ${sql.table(table)}`.execute(tx);
    return rows.map((row) => row.user_id);
  });
const stored = async (table: string, user: string) =>
  (await runSql(server.adminUrl, `select * from ${table} where user_id = $1`, [user])).rows;

/** Closes only the connections to this database, because other tests use the same server. */
const cutConnections = () =>
  runSql(
    server.adminUrl,
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'test' and datname = current_database()",
  );

test.each(USER_TABLE_NAMES)(
  "statements without a filter see and change only the user's own rows of %s",
  async (table) => {
    expect(await owners(ann, table)).toEqual([ann]);
    const before = await stored(table, bob);
    const counts = await db.asUser(ann, async (tx) => {
      const { column, value = "assistant" } = USER_TABLES[table];
      const update = await sql`update ${sql.table(table)} set ${sql.ref(column)} = ${sql.lit(value)}`.execute(tx);
      const removal = await sql`delete from ${sql.table(table)}`.execute(tx);
      return { updated: update.numAffectedRows, deleted: removal.numAffectedRows };
    });
    expect(counts).toEqual({ updated: 1n, deleted: 1n });
    expect(await stored(table, ann)).toEqual([]);
    expect(await stored(table, bob)).toEqual(before);
  },
);

test("a user can neither insert a row for another user nor give one away", async () => {
  const insert = db.asUser(ann, (tx) =>
    sql`insert into app.task (user_id, id, title) values (${bob}, 't_000000000002', 'planted')`.execute(tx),
  );
  await expect(insert).rejects.toMatchObject({ code: "42501" });
  const gift = db.asUser(ann, (tx) =>
    sql`update app.task set user_id = ${bob}, id = 't_000000000003' where user_id = ${ann}`.execute(tx),
  );
  await expect(gift).rejects.toMatchObject({ code: "42501" });
  expect(await stored("app.task", bob)).toHaveLength(1);
});

test.each(USER_TABLE_NAMES)("a connection without a user sees and changes no rows of %s", async (table) => {
  expect((await runSql(server.appUrl, `select from ${table}`)).rowCount).toBe(0);
  expect((await runSql(server.appUrl, `delete from ${table}`)).rowCount).toBe(0);
  const update = `update ${table} set user_id = $1`;
  expect((await runSql(server.appUrl, update, [ann])).rowCount).toBe(0);
  const insert = runSql(server.appUrl, "insert into app.task (user_id, id, title) values ($1, 't_00000000000a', 'x')", [
    ann,
  ]);
  await expect(insert).rejects.toMatchObject({ code: "42501" });
  expect(await stored(table, ann)).toHaveLength(1);
});

test("the user id is gone after the transaction, however it ended", async () => {
  const endings: [string, () => Promise<unknown>][] = [
    ["commit", () => db.asUser(ann, async () => {})],
    ["a throw", () => db.asUser(ann, () => Promise.reject(new Error("work failed")))],
    ["an SQL error", () => db.asUser(ann, (tx) => sql`select 1/0`.execute(tx))],
    ["a swallowed SQL error", () => db.asUser(ann, (tx) => sql`select 1/0`.execute(tx).catch(() => {}))],
  ];
  for (const [ending, use] of endings) {
    await use().catch(() => {});
    // Bob's transaction is ended early, so the connection has a user only if an earlier call left one on it.
    const seen = await db.asUser(bob, async (tx) => {
      await sql`rollback`.execute(tx);
      return (await sql`select from app.task`.execute(tx)).rows.length;
    });
    expect(seen, ending).toBe(0);
    expect(await owners(bob, "app.task"), ending).toEqual([bob]);
  }
});

test("a used connection, whose user setting is empty instead of unset, has no user", async () => {
  await runSql(server.adminUrl, `insert into auth."user" (id, name, email, "emailVerified") values ('', '', '', true)`);
  await runSql(
    server.adminUrl,
    // Without the triggers, which refuse such a row as well.
    `set session_replication_role = replica;
     insert into app.task (user_id, id, title) values ('', 't_000000000001', 'nobody')`,
  );
  const seen = await db.asUser(ann, async (tx) => {
    await sql`rollback`.execute(tx);
    const setting = await sql<{ id: string }>`select current_setting('app.user_id', true) as id`.execute(tx);
    return { setting: setting.rows[0]?.id, tasks: (await sql`select from app.task`.execute(tx)).rows.length };
  });
  expect(seen).toEqual({ setting: "", tasks: 0 });
});

test("a transaction that fails is rolled back, even when its SQL error is swallowed", async () => {
  const rename = (title: string) => sql`update app.task set title = ${title}`;
  await expect(
    db.asUser(ann, async (tx) => {
      await rename("changed").execute(tx);
      throw new Error("work failed");
    }),
  ).rejects.toThrow("work failed");
  await expect(
    db.asUser(ann, async (tx) => {
      await rename("changed").execute(tx);
      await sql`select 1/0`.execute(tx).catch(() => {});
    }),
  ).rejects.toThrow();
  expect(await stored("app.task", ann)).toMatchObject([{ title: "mine" }]);
});

test("users that share two connections at the same time each see their own rows", async () => {
  const shared = open(2);
  const seen = await Promise.all(
    Array.from({ length: 100 }, async (_, index) => {
      const user = index % 2 === 0 ? ann : bob;
      const rows = await shared
        .asUser(user, async (tx) => {
          await sql`select pg_sleep(0.001)`.execute(tx);
          if (index % 7 === 0) await sql`select 1/0`.execute(tx).catch(() => {});
          return sql<{ user_id: string }>`select user_id from app.message`.execute(tx);
        })
        .catch(() => ({ rows: [{ user_id: user }] }));
      return { user, owners: rows.rows.map((row) => row.user_id) };
    }),
  );
  await shared.close();
  expect(seen.filter(({ user, owners }) => owners.length !== 1 || owners[0] !== user)).toEqual([]);
});

test("one user's work gets a quarter of the connections, and another user's does not wait for it", async () => {
  const shared = open(8);
  const held = Promise.withResolvers<void>();
  const begun: string[] = [];
  const hold = (user: string) =>
    shared.asUser(user, async () => {
      begun.push(user);
      await held.promise;
    });
  const work = [ann, ann, ann, ann].map(hold);
  await expect.poll(() => begun).toEqual([ann, ann]);
  work.push(hold(bob));
  await expect.poll(() => begun).toEqual([ann, ann, bob]);
  held.resolve();
  await Promise.all(work);
  await shared.close();
});

test("a statement that runs for too long is ended by the server, and so is a transaction that nobody goes on with", async () => {
  const settings = (from: (query: string) => Promise<{ rows: unknown[] }>) =>
    from(
      "select name, setting from pg_settings where name in ('statement_timeout', 'idle_in_transaction_session_timeout')",
    );
  const limits = [
    { name: "idle_in_transaction_session_timeout", setting: "30000" },
    { name: "statement_timeout", setting: "10000" },
  ];
  const inDatabase = await db.asUser(ann, (tx) => settings((query) => tx.executeQuery(CompiledQuery.raw(query))));
  expect(inDatabase.rows).toEqual(limits);
  const pool = createPool({
    url: server.authUrl,
    ssl: { mode: "disable" },
    poolSize: 1,
    applicationName: "test",
    log,
  });
  expect((await settings((query) => pool.query(query))).rows).toEqual(limits);
  await pool.end();
});

test("an empty user id is refused as a mistake of the caller", async () => {
  await expect(db.asUser("", async () => {})).rejects.toThrow(RangeError);
});

test("the application reads no sessions, passwords or keys, and can neither read nor change the audit", async () => {
  for (const table of [`auth."user"`, "auth.session", "auth.account", "auth.jwks", "app.audit"]) {
    await expect(runSql(server.appUrl, `select from ${table}`), table).rejects.toMatchObject({ code: "42501" });
  }
  for (const change of ["update app.audit set reason = ''", "delete from app.audit", "truncate app.audit"]) {
    await expect(runSql(server.appUrl, change), change).rejects.toMatchObject({ code: "42501" });
  }
  await expect(runSql(server.appUrl, "create table app.own (id int)")).rejects.toMatchObject({ code: "42501" });
  await expect(runSql(server.appUrl, "select auth_fingerprint from app.instance")).rejects.toMatchObject({
    code: "42501",
  });
  await expect(runSql(server.authUrl, "select from app.task")).rejects.toMatchObject({ code: "42501" });
});

test("deleting an account deletes its rows, and a token that has not expired can't add new ones", async () => {
  await runSql(server.authUrl, `delete from auth."user" where id = $1`, [ann]);
  for (const table of USER_TABLE_NAMES) {
    expect(await stored(table, ann)).toEqual([]);
    expect(await stored(table, bob)).toHaveLength(1);
  }
  await expect(fill(ann)).rejects.toMatchObject({ code: "23503" });
});

test("the readiness check of both roles accepts a suitable schema and refuses one that no longer serves this code", async () => {
  const config = { ssl: { mode: "disable" }, poolSize: 1, applicationName: "test", log } as const;
  const authPool = createPool({ ...config, url: server.authUrl });
  await expect(db.ready()).resolves.toBeUndefined();
  await expect(schemaReady(authPool, "auth")).resolves.toBeUndefined();
  await runSql(server.adminUrl, "update app.instance set compatible_from = 1000");
  await expect(db.ready()).rejects.toThrow(SchemaVersionError);
  await expect(schemaReady(authPool, "auth")).rejects.toThrow(SchemaVersionError);
  await runSql(server.adminUrl, "update app.instance set compatible_from = 1");
  await authPool.end();
});

test("a server that goes away and comes back causes an error and does not end the process", async () => {
  await db.ready();
  await cutConnections();
  await vi.waitFor(() => db.ready(), { timeout: 5_000 });
  expect(await owners(ann, "app.task")).toEqual([ann]);
});

test("a connection lost during a transaction rolls it back and does not end the process", async () => {
  const cut = db.asUser(ann, async (tx) => {
    await sql`update app.task set title = 'changed'`.execute(tx);
    await cutConnections();
    await sql`select from app.task`.execute(tx);
  });
  await expect(cut).rejects.toThrow();
  expect(await stored("app.task", ann)).toMatchObject([{ title: "mine" }]);
  expect(await owners(ann, "app.task")).toEqual([ann]);
});

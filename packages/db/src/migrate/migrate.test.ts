import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import pg from "pg";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { migrationsFor } from "../migrations/index.ts";
import { runAll } from "../migrations/migration.ts";
import { roleNames } from "../roles.ts";
import { SCHEMA_VERSION } from "../schema-version.ts";
import { type Postgres, runSql, startPostgres, withParts } from "../testing/index.ts";
import { type MigrateDeps, migrate } from "./migrate.ts";

/** Fresh databases on the shared server, removed with the roles after each test. */
let server: Postgres;
const cleanups: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  server = await startPostgres();
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
afterAll(() => server.stop());

const sql = (text: string, values?: unknown[]) => runSql(server.adminUrl, text, values);
const hex = (bytes: number) => randomBytes(bytes).toString("hex");

async function emptyDatabase(owner = "postgres"): Promise<string> {
  const name = `ta_test_${hex(4)}`;
  await sql(`create database ${name} owner ${owner}`);
  cleanups.push(() => sql(`drop database ${name} with (force)`));
  return withParts(server.adminUrl, { database: name });
}

/** What a migration of this database needs; by default those of a new instance. */
function depsFor(adminUrl: string, instanceId = hex(4)): MigrateDeps {
  const roles = Object.values(roleNames(instanceId)).join(", ");
  const database = cleanups.length;
  // Roles can go only after the database that holds their objects.
  cleanups.splice(database - 1, 0, () => sql(`drop role if exists ${roles}`));
  const passwords = { auth: hex(12), app: hex(12) };
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  return { adminUrl, ssl: { mode: "disable" }, instanceId, passwords, authSecret: hex(24), log };
}

const instanceRow = async (url: string) => (await runSql(url, "select *, xmin::text from app.instance")).rows[0];
const appUrl = ({ adminUrl, instanceId, passwords }: MigrateDeps) =>
  withParts(adminUrl, { user: roleNames(instanceId).app, password: passwords.app });

test("the number of steps is the schema version this code knows", () => {
  expect(Object.keys(migrationsFor(roleNames("00000000")))).toHaveLength(SCHEMA_VERSION.max);
});

test("an upgrade makes the initial user an administrator, and nobody who signed up", async () => {
  const deps = depsFor(await emptyDatabase());
  const steps = Object.entries(migrationsFor(roleNames(deps.instanceId)));
  await migrate({ ...deps, chain: Object.fromEntries(steps.filter(([name]) => name < "0009")) });
  await runSql(
    deps.adminUrl,
    `insert into auth."user" (id, name, email, "emailVerified", "createdAt") values
       ('first', 'First', 'first@example.test', false, now() - interval '1 day'), ('initial', 'Initial', 'i@example.test', true, now())`,
  );
  await migrate(deps);
  const { rows } = await runSql(deps.adminUrl, `select id, role from auth."user" order by id`);
  expect(rows).toEqual([
    { id: "first", role: "user" },
    { id: "initial", role: "administrator" },
  ]);
});

test("a second migration changes nothing", async () => {
  const deps = depsFor(await emptyDatabase());
  expect(await migrate(deps)).toEqual(Object.keys(migrationsFor(roleNames(deps.instanceId))));
  const before = await instanceRow(deps.adminUrl);
  expect(await migrate(deps)).toEqual([]);
  expect(await instanceRow(deps.adminUrl)).toEqual(before);
  expect(before).toMatchObject({ id: deps.instanceId, schema_version: SCHEMA_VERSION.max });
});

test("three migrations at once all succeed, and only one does the work", async () => {
  const deps = depsFor(await emptyDatabase());
  const ran = await Promise.all([migrate(deps), migrate(deps), migrate(deps)]);
  expect(ran.map((steps) => steps.length).sort()).toEqual([0, 0, SCHEMA_VERSION.max]);
});

test("a migration with new passwords replaces the old ones", async () => {
  const deps = depsFor(await emptyDatabase());
  await migrate(deps);
  const rotated = { ...deps, passwords: { auth: hex(12), app: hex(12) } };
  await migrate(rotated);
  await expect(runSql(appUrl(rotated), "select 1")).resolves.toBeDefined();
  await expect(runSql(appUrl(deps), "select 1")).rejects.toMatchObject({ code: "28P01" });
});

test("no statement of a migration contains a password in clear text", async () => {
  const deps = depsFor(await emptyDatabase());
  const said: string[] = [];
  const spy = pg.Client.prototype.query;
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    said.push(JSON.stringify(args[0]));
    return Reflect.apply(spy, this, args);
  } as typeof spy;
  try {
    await migrate(deps);
  } finally {
    pg.Client.prototype.query = spy;
  }
  expect(said.join("\n")).toContain("SCRAM-SHA-256$");
  expect(said.filter((text) => text.includes(deps.passwords.app) || text.includes(deps.passwords.auth))).toEqual([]);
});

test("an admin with only CREATEROLE can migrate a database that it owns", async () => {
  const admin = `ta_test_admin_${hex(4)}`;
  await sql(`create role ${admin} login createrole password 'not-a-superuser'`);
  cleanups.push(() => sql(`drop role ${admin}`));
  const superUrl = await emptyDatabase(admin);
  const deps = depsFor(withParts(superUrl, { user: admin, password: "not-a-superuser" }));
  expect(await migrate(deps)).toHaveLength(SCHEMA_VERSION.max);
  expect(await migrate(deps)).toEqual([]);
  await expect(runSql(appUrl(deps), "select count(*) from app.task")).resolves.toBeDefined();
  // The admin of another instance is not a member of our roles and still gets this reason.
  const other = depsFor(deps.adminUrl);
  await expect(migrate(other)).rejects.toMatchObject({ reason: "ForeignData" });
});

test("an admin with only CREATEROLE can migrate where it may create schemas, unless connecting is a privilege", async () => {
  const admin = `ta_test_admin_${hex(4)}`;
  await sql(`create role ${admin} login createrole password 'not-the-owner'`);
  cleanups.push(() => sql(`drop role ${admin}`));
  const superUrl = await emptyDatabase();
  const database = new URL(superUrl).pathname.slice(1);
  await sql(`grant create on database ${database} to ${admin}`);
  const deps = depsFor(withParts(superUrl, { user: admin, password: "not-the-owner" }));
  const left: string[] = [];
  const log = { ...deps.log, warn: ({ statement }: { statement?: string }) => void left.push(statement ?? "") };
  expect(await migrate({ ...deps, log })).toHaveLength(SCHEMA_VERSION.max);
  expect(left).toEqual([
    expect.stringMatching(/^revoke temporary on database /),
    expect.stringMatching(/^revoke create on schema public /),
    expect.stringMatching(/^revoke execute on function lo_/),
  ]);
  await expect(runSql(appUrl(deps), "select count(*) from app.task")).resolves.toBeDefined();

  await sql(`revoke connect on database ${database} from public`);
  await sql(`grant connect on database ${database} to ${admin}`);
  await expect(migrate(deps)).rejects.toMatchObject({
    reason: "PermissionDenied",
    message: expect.stringContaining(`as the database's owner: grant connect on database "${database}" to ta_`),
  });
  await migrate({ ...deps, adminUrl: superUrl });
  await expect(runSql(appUrl(deps), "select 1")).resolves.toBeDefined();
});

test("a database with the data of another instance is refused and not changed", async () => {
  const ours = depsFor(await emptyDatabase());
  await migrate(ours);
  const theirs = depsFor(ours.adminUrl);
  await expect(migrate(theirs)).rejects.toMatchObject({
    reason: "ForeignData",
    message: expect.stringContaining(`another TaskAssistant (instance ${ours.instanceId}`),
  });
  expect((await sql("select from pg_roles where rolname like $1", [`ta_${theirs.instanceId}%`])).rowCount).toBe(0);
});

test("data created with another auth secret is refused, and the passwords stay the same", async () => {
  const deps = depsFor(await emptyDatabase());
  await migrate(deps);
  const wrong = { ...deps, authSecret: hex(24), passwords: { auth: hex(12), app: hex(12) } };
  await expect(migrate(wrong)).rejects.toMatchObject({
    reason: "ForeignData",
    message: expect.stringContaining("another auth secret"),
  });
  await expect(runSql(appUrl(deps), "select 1")).resolves.toBeDefined();
});

test("a schema with foreign tables is refused, and an empty one is used", async () => {
  const deps = depsFor(await emptyDatabase());
  await runSql(deps.adminUrl, "create schema app; create schema auth; create table auth.users (id int)");
  await expect(migrate(deps)).rejects.toMatchObject({
    reason: "ForeignData",
    message: expect.stringContaining("'auth'"),
  });
  await runSql(deps.adminUrl, "drop table auth.users");
  expect(await migrate(deps)).toHaveLength(SCHEMA_VERSION.max);
});

/** Migrates as a newer version would, whose schema serves code from `compatibleFrom` on. */
async function migratedByNewer(deps: MigrateDeps, compatibleFrom: number): Promise<void> {
  const known = migrationsFor(roleNames(deps.instanceId));
  await migrate({ ...deps, chain: { ...known, "0999-future": runAll(["create table app.future (id int)"]) } });
  await runSql(deps.adminUrl, "update app.instance set compatible_from = $1", [compatibleFrom]);
}

test("a newer schema that serves this version stays, and new passwords count", async () => {
  const deps = depsFor(await emptyDatabase());
  await migratedByNewer(deps, SCHEMA_VERSION.max);
  const before = await instanceRow(deps.adminUrl);
  const rotated = { ...deps, passwords: { auth: hex(12), app: hex(12) } };
  expect(await migrate(rotated)).toEqual([]);
  expect(await instanceRow(deps.adminUrl)).toEqual(before);
  await expect(runSql(appUrl(rotated), "select 1")).resolves.toBeDefined();
});

test("a database that a newer version migrated, and that does not serve this one, is refused", async () => {
  const deps = depsFor(await emptyDatabase());
  await migratedByNewer(deps, SCHEMA_VERSION.max + 1);
  await expect(migrate(deps)).rejects.toMatchObject({
    reason: "SchemaTooNew",
    message: expect.stringContaining("0999-future"),
  });
});

test("a failing step rolls back the steps before it and is named in the message", async () => {
  const deps = depsFor(await emptyDatabase());
  const known = migrationsFor(roleNames(deps.instanceId));
  const broken = migrate({ ...deps, chain: { ...known, "0999-broken": runAll(["select 1/0"]) } });
  await expect(broken).rejects.toMatchObject({
    reason: "MigrationFailed",
    message: expect.stringMatching(/0999-broken.*division by zero/),
  });
  const { rows } = await runSql(deps.adminUrl, "select to_regclass('app.task') as task");
  expect(rows).toEqual([{ task: null }]);
  expect(await migrate(deps)).toHaveLength(SCHEMA_VERSION.max);
});

test("each problem with the connection has its own reason", async () => {
  const url = await emptyDatabase();
  const refused = new URL(url);
  refused.port = "1";
  for (const [adminUrl, reason] of [
    [refused.href, "DatabaseUnreachable"],
    [withParts(url, { database: "no_such_database" }), "DatabaseUnreachable"],
    [withParts(url, { password: "wrong" }), "AuthenticationFailed"],
  ] as const) {
    const failure = migrate(depsFor(adminUrl));
    await expect(failure).rejects.toMatchObject({ reason });
    await expect(failure).rejects.toThrow(/127\.0\.0\.1:\d+\//);
    await expect(failure).rejects.not.toThrow(new URL(url).password);
  }
  const tls = migrate({ ...depsFor(url), ssl: { mode: "require" } });
  await expect(tls).rejects.toMatchObject({ reason: "DatabaseUnreachable", message: expect.stringContaining("SSL") });
});

test("an admin without CREATEROLE is refused for lack of permission", async () => {
  const admin = `ta_test_admin_${hex(4)}`;
  await sql(`create role ${admin} login password 'ordinary'`);
  cleanups.push(() => sql(`drop role ${admin}`));
  const url = await emptyDatabase(admin);
  const deps = depsFor(withParts(url, { user: admin, password: "ordinary" }));
  await expect(migrate(deps)).rejects.toMatchObject({
    reason: "PermissionDenied",
    message: expect.stringContaining("CREATEROLE"),
  });
});

test("a login role can create nothing, and what one created before does not stop a migration", async () => {
  const deps = depsFor(await emptyDatabase());
  const { app } = roleNames(deps.instanceId);
  const own = await runSql(deps.adminUrl, "select lo_create(0) as id");
  await migrate(deps);
  const CREATIONS = [
    "select lo_create(0)",
    "select lo_creat(-1)",
    "select lo_from_bytea(0, 'x')",
    "create temporary table t (id int)",
    "create function pg_temp.f() returns int language sql as 'select 1'",
    "create table public.t (id int)",
    "create schema s",
  ];
  for (const creation of CREATIONS) {
    await expect(runSql(appUrl(deps), creation), creation).rejects.toMatchObject({ code: "42501" });
  }

  const session = new pg.Client({ connectionString: appUrl(deps) });
  await session.connect();
  try {
    await runSql(deps.adminUrl, `grant temporary on database ${new URL(deps.adminUrl).pathname.slice(1)} to ${app}`);
    await runSql(deps.adminUrl, "grant execute on function lo_create(oid) to public");
    await session.query("create temporary table t (id int)");
    await session.query("create function pg_temp.f() returns int language sql as 'select 1'");
    await session.query("select lo_create(0)");
    expect(await migrate(deps)).toEqual([]);
  } finally {
    await session.end();
  }
  // The one that another role made stays.
  const left = await runSql(deps.adminUrl, "select oid::text as id from pg_largeobject_metadata");
  expect(left.rows.map((row) => row.id)).toEqual([String(own.rows[0]?.id)]);
});

test("an unsafe database is reported even when there is nothing to migrate", async () => {
  const deps = depsFor(await emptyDatabase());
  await migrate(deps);
  await runSql(deps.adminUrl, `grant select on auth.session to ${roleNames(deps.instanceId).app}`);
  await expect(migrate(deps)).rejects.toMatchObject({
    reason: "MigrationFailed",
    message: expect.stringContaining("rights on auth.session"),
  });
});

test("a migration whose program is gone does not keep the next one waiting", async () => {
  const deps = depsFor(await emptyDatabase());
  const server = new URL(deps.adminUrl);
  const sockets: Socket[] = [];
  const line = createServer((near) => {
    const far = connect(Number(server.port), server.hostname);
    sockets.push(near, far);
    for (const socket of [near, far]) socket.on("error", () => {});
    near.pipe(far);
    far.pipe(near);
  }).listen(0, "127.0.0.1");
  await once(line, "listening");
  cleanups.push(async () => line.close());
  const { port } = line.address() as AddressInfo;
  const adminUrl = Object.assign(new URL(server), { host: `127.0.0.1:${port}` }).href;

  const chain = { "0001-hangs": runAll(["select pg_sleep(3600)"]) };
  const lost = expect(migrate({ ...deps, adminUrl, chain })).rejects.toThrow();
  const isAsleep = async () => {
    const { rowCount } = await sql("select from pg_stat_activity where query = 'select pg_sleep(3600)'");
    return rowCount === 1;
  };
  while (!(await isAsleep())) await new Promise((done) => setTimeout(done, 50));
  for (const socket of sockets) socket.destroy();
  await lost;
  expect(await migrate(deps)).toHaveLength(SCHEMA_VERSION.max);
}, 60_000);

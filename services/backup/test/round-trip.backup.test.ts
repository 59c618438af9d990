import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { migrate, SCHEMA_VERSION } from "@taskassistant/db";
import { createTestDatabase, runSql, type TestDatabase } from "@taskassistant/db/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorkshop, type Workshop } from "./harness/program.ts";
import { addTasks, fill, look, signIn } from "./harness/rows.ts";

const quiet = { info: () => {}, warn: () => {}, error: () => {} };
let workshop: Workshop;
let database: TestDatabase;
let user: string;

beforeAll(async () => {
  [workshop, database] = await Promise.all([createWorkshop(), createTestDatabase()]);
  user = await fill(database, 500);
  await runSql(
    database.adminUrl,
    `insert into auth.jwks (id, "publicKey", "privateKey", "createdAt") values ('key', '{}', 'encrypted', now())`,
  );
});
afterAll(async () => {
  await database.drop();
  await workshop.remove();
});

/** Throws unless the services can work with it: the migration checks roles, grants, policies and the auth secret. */
const usable = ({ adminUrl, instanceId, authSecret, passwords }: TestDatabase) =>
  migrate({ adminUrl, ssl: { mode: "disable" }, instanceId, authSecret, passwords, log: quiet });

describe("a backup in a folder", () => {
  it("has a dump, keys and a manifest, and its result says what it holds", async () => {
    const BACKUP_LOCATION = workshop.location("first");
    const { code, result } = await workshop.run("backup", database, { BACKUP_LOCATION });
    expect(code).toBe(0);
    expect(result).toMatchObject({
      ok: true,
      location: BACKUP_LOCATION,
      release: "0.1.0",
      schemaVersion: SCHEMA_VERSION.max,
    });
    expect(result.tables).toContainEqual({ name: "app.task", rows: 500 });
    expect((await readdir(join(workshop.folder, "backups/first"))).sort()).toEqual([
      "database.dump.age",
      "keys.json.age",
      "manifest.json",
    ]);
  });

  it("is left as it is when the same Job runs again", async () => {
    const BACKUP_LOCATION = workshop.location("first");
    const [first, again] = [
      await workshop.run("backup", database, { BACKUP_LOCATION }),
      await workshop.run("backup", database, { BACKUP_LOCATION }),
    ];
    expect(again.result).toEqual(first.result);
  });

  it("is verified in a scratch database that is gone afterwards", async () => {
    const { code, result } = await workshop.run("verify", database, { BACKUP_LOCATION: workshop.location("first") });
    expect([code, result.verified]).toEqual([0, true]);
    const { rows } = await runSql(database.adminUrl, "select datname from pg_database where datname like '%verify'");
    expect(rows).toEqual([]);
    expect(await readdir(join(workshop.folder, "backups/first"))).toContain("verified.json");
  });
});

describe("a restore in place", () => {
  it("brings the data back and signs nobody out; a session that has ended stays ended", async () => {
    await signIn(database, user, "ended later");
    await workshop.run("backup", database, { BACKUP_LOCATION: workshop.location("place") });
    await runSql(database.adminUrl, "delete from auth.session where id = 'ended later'");
    await runSql(database.adminUrl, "delete from app.task where id > 't_000000000100'");
    await runSql(database.adminUrl, "delete from app.project");
    await signIn(database, user, "since");
    const { code, result } = await workshop.run("restore", database, { BACKUP_LOCATION: workshop.location("place") });
    expect([code, result.sessions]).toEqual([0, "kept"]);
    expect(await look(database)).toEqual({
      tasks: 500,
      sessions: ["before", "since"],
      keys: ["key"],
      users: 1,
      instance: database.instanceId,
      sorted: [["t_000000000001", "Home", "calls"]],
      counted: 500,
      labels: 2,
    });
    expect(await usable(database)).toEqual([]);
  });

  it("ends the sessions of people whom the backup does not have", async () => {
    const late = await database.createUser("Ben");
    await addTasks(database, late, 1, 3);
    await signIn(database, late, "of Ben");
    await workshop.run("restore", database, { BACKUP_LOCATION: workshop.location("place") });
    expect(await look(database)).toMatchObject({ tasks: 500, users: 1, sessions: ["before", "since"] });
  });
});

describe("a restore into another resource", () => {
  it("has the roles and the secret of the target, and nobody is signed in", async () => {
    const target = await createTestDatabase();
    try {
      const { code, result } = await workshop.run("restore", target, { BACKUP_LOCATION: workshop.location("first") });
      expect([code, result.sessions]).toEqual([0, "ended"]);
      expect(await look(target)).toMatchObject({ tasks: 500, sessions: [], keys: [], instance: target.instanceId });
      expect(await usable(target)).toEqual([]);
      const { rows } = await runSql(
        target.adminUrl,
        "select count(*)::int as foreign from pg_shdepend d join pg_roles r on r.oid = d.refobjid where r.rolname like $1 and d.dbid = (select oid from pg_database where datname = current_database())",
        [`ta_${database.instanceId}%`],
      );
      expect(rows).toEqual([{ foreign: 0 }]);
    } finally {
      await target.drop();
    }
  });

  it("never replaces the data of somebody else", async () => {
    const target = await createTestDatabase();
    try {
      const other = { ...target, instanceId: database.instanceId };
      const { code, result } = await workshop.run("restore", other, { BACKUP_LOCATION: workshop.location("first") });
      expect([code, result.reason]).toEqual([1, "ForeignData"]);
    } finally {
      await target.drop();
    }
  });
});

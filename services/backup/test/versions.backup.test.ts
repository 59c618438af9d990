import { mkdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { createTestDatabase, type Postgres, startPostgres, type TestDatabase } from "@taskassistant/db/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clientsFolder, serverOf } from "../../../scripts/test/backup/install.ts";
import { createWorkshop, type Workshop } from "./harness/program.ts";
import { fill, look } from "./harness/rows.ts";

let workshop: Workshop;
const servers = new Map<number, Postgres>();
const databases = new Map<number, TestDatabase>();
const on = (major: number): TestDatabase => databases.get(major) as TestDatabase;

beforeAll(async () => {
  workshop = await createWorkshop();
  for (const major of [16, 18] as const) servers.set(major, await startPostgres({ server: await serverOf(major) }));
  databases.set(17, await createTestDatabase());
  for (const [major, server] of servers) databases.set(major, await createTestDatabase(server));
  for (const [major, database] of databases) await fill(database, major * 10);
  // What the image has: a client of its own for 17 and 18, and that of 17 for 16.
  await mkdir(join(workshop.folder, "clients"));
  for (const major of ["17", "18"])
    await symlink(join(clientsFolder(), major), join(workshop.folder, "clients", major));
});
afterAll(async () => {
  for (const database of databases.values()) await database.drop();
  for (const server of servers.values()) await server.stop();
  await workshop?.remove();
});

const env = (name: string) => ({
  BACKUP_LOCATION: workshop.location(name),
  POSTGRES_CLIENTS_FOLDER: join(workshop.folder, "clients"),
});

describe.each([
  [16, 17],
  [17, 17],
  [18, 18],
])("PostgreSQL %i", (major, client) => {
  it(`is backed up by pg_dump ${client}, verified and restored`, async () => {
    for (const command of ["backup", "verify", "restore"]) {
      const { code, result, stderr } = await workshop.run(command, on(major), env(`of-${major}`));
      expect([command, code, stderr]).toEqual([command, 0, ""]);
      expect(result.postgresVersion).toMatch(new RegExp(`^${major}\\.`));
    }
    const manifest = JSON.parse(await readFile(join(workshop.folder, `backups/of-${major}/manifest.json`), "utf8"));
    expect(manifest.pgDumpMajor).toBe(client);
    expect(await look(on(major))).toMatchObject({ tasks: major * 10, sessions: ["before"], counted: major * 10 });
  });
});

it.each([
  [16, 18],
  [17, 16],
  [18, 17],
])("a backup of PostgreSQL %i is restored into %i, into another assistant", async (from, to) => {
  const { code, stderr } = await workshop.run("restore", on(to), env(`of-${from}`));
  expect([code, stderr]).toEqual([0, ""]);
  expect(await look(on(to))).toMatchObject({ tasks: from * 10, instance: on(to).instanceId });
});

it("a server that is newer than every pg_dump is refused with what can be done", async () => {
  const only = join(workshop.folder, "only-17");
  await mkdir(only);
  await symlink(join(clientsFolder(), "17"), join(only, "17"));
  const { code, result } = await workshop.run("backup", on(18), { ...env("too-new"), POSTGRES_CLIENTS_FOLDER: only });
  expect([code, result.reason]).toEqual([1, "ServerTooNew"]);
  expect(result.message).toContain("PostgreSQL 16 to 17");
});

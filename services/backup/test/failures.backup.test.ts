import { createHash } from "node:crypto";
import { cp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTestDatabase, runSql, type TestDatabase, withParts } from "@taskassistant/db/testing";
import { generateX25519Identity } from "age-encryption";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { partsOf, textOf } from "../src/bytes/measure.ts";
import { openAge } from "../src/encryption/age.ts";
import { fileStore } from "../src/location/file-store.ts";
import { type Keys, readKeys } from "../src/manifest/manifest.ts";
import { createWorkshop, type Workshop } from "./harness/program.ts";
import { fill, look, signIn } from "./harness/rows.ts";

let workshop: Workshop;
let database: TestDatabase;
let good: string;
/** An admin without a superuser's powers, who is a member of the owner. */
let bound: string;
const NAMES = ["database.dump.age", "keys.json.age", "manifest.json"] as const;

beforeAll(async () => {
  [workshop, database] = await Promise.all([createWorkshop(), createTestDatabase()]);
  const user = await fill(database, 5_000);
  await workshop.run("backup", database, { BACKUP_LOCATION: workshop.location("good") });
  good = join(workshop.folder, "backups/good");
  const role = `ta_bound_${database.instanceId}`;
  await runSql(database.adminUrl, `create role ${role} login password 'bound' createrole`);
  await runSql(database.adminUrl, `grant ta_${database.instanceId}_owner to ${role}`);
  bound = withParts(database.adminUrl, { user: role, password: "bound" });
  await runSql(database.adminUrl, "delete from app.task where id > 't_000000000100'");
  await signIn(database, user, "since");
});
afterAll(async () => {
  await runSql(database.adminUrl, `drop role ta_bound_${database.instanceId}`);
  await database.drop();
  await workshop.remove();
});

/** A copy of the good backup with a change to one of its files. */
async function copyOf(name: string, change: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(workshop.folder, "backups", name);
  await rm(folder, { recursive: true, force: true });
  await cp(good, folder, { recursive: true });
  await change(folder);
  return workshop.location(name);
}

async function flip(file: string, at: number): Promise<void> {
  const bytes = await readFile(file);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(file, bytes);
}

async function edit(folder: string, change: (text: string) => string): Promise<void> {
  const file = join(folder, "manifest.json");
  await writeFile(file, change(await readFile(file, "utf8")));
}

/** Changes what both the manifest and the encrypted keys say, as only a holder of the identity can. */
async function forge(folder: string, change: (keys: Keys) => Partial<Keys>): Promise<void> {
  const [age, store] = [await openAge(workshop.identity), fileStore(folder)];
  const keys = readKeys(await textOf(age.decrypt(store.read(NAMES[1]), "keys")), folder);
  const changes = change(keys);
  await store.write(NAMES[1], age.encrypt(partsOf(JSON.stringify({ ...keys, ...changes }))));
  const bytes = await readFile(join(folder, NAMES[1]));
  const manifest = JSON.parse(await readFile(join(folder, NAMES[2]), "utf8"));
  manifest.objects[NAMES[1]] = { bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
  await writeFile(join(folder, NAMES[2]), JSON.stringify({ ...manifest, ...changes }));
}

const DAMAGES: readonly (readonly [string, string, (folder: string) => Promise<void>])[] = [
  ["has no manifest", "BackupIncomplete", (folder) => rm(join(folder, "manifest.json"))],
  ["has no dump", "BackupDamaged", (folder) => rm(join(folder, NAMES[0]))],
  ["has a dump that is cut off", "BackupDamaged", (folder) => truncate(join(folder, NAMES[0]), 100_000)],
  ["has one other bit in the header of its dump", "BackupDamaged", (folder) => flip(join(folder, NAMES[0]), 180)],
  ["has one other bit in the middle of its dump", "BackupDamaged", (folder) => flip(join(folder, NAMES[0]), 150_000)],
  ["has one other bit in its keys", "BackupDamaged", (folder) => flip(join(folder, NAMES[1]), 300)],
  [
    "has a manifest with other rows",
    "ManifestMismatch",
    (folder) => edit(folder, (text) => text.replace('"rows": 5000', '"rows": 5001')),
  ],
  ["has a manifest that is cut off", "BackupDamaged", (folder) => truncate(join(folder, NAMES[2]), 300)],
  [
    "has the keys of another backup",
    "BackupDamaged",
    async (folder) => {
      await workshop.run("backup", database, { BACKUP_LOCATION: workshop.location("other") });
      await writeFile(join(folder, NAMES[1]), await readFile(join(workshop.folder, "backups/other", NAMES[1])));
    },
  ],
  ["is of a newer release", "SchemaTooNew", (folder) => forge(folder, () => ({ schemaVersion: 9999 }))],
  [
    "holds other rows than it says",
    "DataMismatch",
    (folder) =>
      forge(folder, ({ tables }) => ({ tables: tables.map((table) => ({ ...table, digest: "0".repeat(64) })) })),
  ],
];

describe("a restore", () => {
  let before: unknown;
  beforeEach(async () => {
    before = await look(database);
  });
  const unchanged = async () => expect(await look(database)).toEqual(before);

  it.each(DAMAGES)("of a backup that %s is refused as %s, and the old data is there", async (_what, reason, damage) => {
    const BACKUP_LOCATION = await copyOf("damaged", damage);
    const { code, result } = await workshop.run("restore", database, { BACKUP_LOCATION });
    expect([code, result.reason]).toEqual([1, reason]);
    await unchanged();
  });

  it.each<[string, string, () => Promise<Record<string, string>>]>([
    ["another identity", "WrongIdentity", async () => ({ BACKUP_IDENTITY: await generateX25519Identity() })],
    ["no identity", "IdentityInvalid", async () => ({ BACKUP_IDENTITY: "secret" })],
    ["a place without a backup", "BackupNotFound", async () => ({ BACKUP_LOCATION: workshop.location("nowhere") })],
    [
      "a wrong password",
      "AuthenticationFailed",
      async () => ({ DATABASE_ADMIN_URL: database.adminUrl.replace(/:[^:@]+@/, ":wrong@") }),
    ],
    [
      "a server that is away",
      "DatabaseUnreachable",
      async () => ({ DATABASE_ADMIN_URL: "postgres://a:b@127.0.0.1:9/x" }),
    ],
    ["half an environment", "ConfigurationInvalid", async () => ({ INSTANCE_ID: "" })],
  ])("with %s says so: %s", async (_what, reason, change) => {
    const env = { BACKUP_LOCATION: workshop.location("good"), ...(await change()) };
    const { code, result } = await workshop.run("restore", database, env);
    expect([code, result.reason]).toEqual([1, reason]);
    await unchanged();
  });

  it("while a migration runs is refused", async () => {
    const client = new pg.Client({ connectionString: database.adminUrl });
    await client.connect();
    try {
      await client.query("select pg_advisory_lock(7461736001)");
      const { result } = await workshop.run("restore", database, { BACKUP_LOCATION: workshop.location("good") });
      expect(result.reason).toBe("DatabaseInUse");
    } finally {
      await client.end();
    }
    await unchanged();
  });

  it("that is killed at any time leaves the old data or the new, and the next one succeeds", async () => {
    const env = { BACKUP_LOCATION: workshop.location("good") };
    const restored = { tasks: 5_000, sessions: ["before", "since"] };
    const outcomes: string[] = [];
    for (let ms = 300; ms <= 4_000; ms += 350) {
      const { signal } = await workshop.run("restore", database, env, ms);
      const found = await look(database);
      const isOld = JSON.stringify(found) === JSON.stringify(before);
      if (!isOld) expect(found).toMatchObject(restored);
      outcomes.push(`${signal ?? "ended"}: ${isOld ? "old" : "new"}`);
      await runSql(database.adminUrl, "delete from app.task where id > 't_000000000100'");
    }
    expect(outcomes).toContain("SIGKILL: old");
    const { code } = await workshop.run("restore", database, env);
    expect(code).toBe(0);
    expect(await look(database)).toMatchObject(restored);
    await runSql(database.adminUrl, "delete from app.task where id > 't_000000000100'");
  });
});

describe("a backup", () => {
  it("that is killed has no manifest; the next try removes its remains and succeeds", async () => {
    const env = { BACKUP_LOCATION: workshop.location("killed") };
    const folder = join(workshop.folder, "backups/killed");
    let killed = 0;
    for (let ms = 400; ms <= 3_000; ms += 300) {
      await rm(folder, { recursive: true, force: true });
      const { signal } = await workshop.run("backup", database, env, ms);
      const names: string[] = await readdir(folder).catch(() => []);
      if (signal === "SIGKILL") killed += 1;
      const { code, result } = await workshop.run("verify", database, env);
      expect(code === 0).toBe(names.includes("manifest.json"));
      if (code !== 0) expect(["BackupNotFound", "BackupIncomplete"]).toContain(result.reason);
    }
    expect(killed).toBeGreaterThan(0);
    const { code } = await workshop.run("backup", database, env);
    expect(code).toBe(0);
    expect((await readdir(folder)).filter((name) => name.endsWith(".unfinished"))).toEqual([]);
  });

  it.each<[string, string, () => Record<string, string>]>([
    ["of another instance", "ForeignData", () => ({ INSTANCE_ID: "ffffffff" })],
    ["with another auth secret", "AuthSecretMismatch", () => ({ BETTER_AUTH_SECRET: "x".repeat(32) })],
    ["by an admin whom row-level security binds", "PermissionDenied", () => ({ DATABASE_ADMIN_URL: bound })],
    [
      "of an empty database",
      "NothingToBackUp",
      () => ({ DATABASE_ADMIN_URL: database.adminUrl.replace(/\/[^/]+$/, "/postgres") }),
    ],
  ])("%s is refused: %s", async (_what, reason, change) => {
    const env = { BACKUP_LOCATION: workshop.location("refused"), ...change() };
    const { code, result } = await workshop.run("backup", database, env);
    expect([code, result.reason]).toEqual([1, reason]);
    expect(await readdir(join(workshop.folder, "backups/refused")).catch(() => [])).toEqual([]);
  });
});

describe("a verification", () => {
  it("removes the scratch database that an interrupted one left behind", async () => {
    const scratch = `ta_${database.instanceId}_verify`;
    await runSql(database.adminUrl, `create database ${scratch}`);
    const { code } = await workshop.run("verify", database, { BACKUP_LOCATION: workshop.location("good") });
    expect(code).toBe(0);
    const { rows } = await runSql(database.adminUrl, "select from pg_database where datname = $1", [scratch]);
    expect(rows).toEqual([]);
  });
});

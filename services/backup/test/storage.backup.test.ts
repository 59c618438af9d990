import { randomBytes } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@taskassistant/db/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { textOf } from "../src/bytes/measure.ts";
import { s3Client } from "../src/location/s3/client.ts";
import { s3Store } from "../src/location/s3/s3-store.ts";
import { createWorkshop, type Workshop } from "./harness/program.ts";
import { fill, look } from "./harness/rows.ts";
import { type Storage, startStorage } from "./harness/storage.ts";

let storage: Storage;
let workshop: Workshop;
let database: TestDatabase;

beforeAll(async () => {
  [storage, workshop, database] = await Promise.all([startStorage(), createWorkshop(), createTestDatabase()]);
  await fill(database, 300);
});
afterAll(async () => {
  await Promise.all([database?.drop(), workshop?.remove(), storage?.stop()]);
});

/** 12 MB that don't compress, in pieces of odd sizes. */
async function* large(pieces = 120): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < pieces; at += 1) yield randomBytes(100_003);
}

async function sizeOf(parts: AsyncIterable<Uint8Array>): Promise<number> {
  let bytes = 0;
  for await (const part of parts) bytes += part.byteLength;
  return bytes;
}

describe("objects in a bucket", () => {
  it("are stored in parts when they are large, read back, listed and removed", async () => {
    const store = s3Store(storage.settings, "a prefix/with (marks)!/");
    await store.write("one/large", large());
    await store.write("one/small", large(1));
    await store.write("empty", large(0));
    expect((await store.list()).map(({ name, bytes }) => [name, bytes])).toEqual([
      ["empty", 0],
      ["one/large", 12_000_360],
      ["one/small", 100_003],
    ]);
    expect(await sizeOf(store.read("one/large"))).toBe(12_000_360);
    expect(await textOf(store.read("empty"))).toBe("");
    for (const name of ["one/large", "one/small", "empty", "never there"]) await store.remove(name);
    expect(await store.list()).toEqual([]);
    await expect(textOf(store.read("one/small"))).rejects.toMatchObject({ reason: "BackupNotFound" });
    store.close();
  });

  it("appear whole or not at all, and a failed write leaves no part behind", async () => {
    const store = s3Store(storage.settings, "half/");
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield* large();
      throw new Error("broken");
    }
    await expect(store.write("object", failing())).rejects.toThrow("broken");
    expect(await store.list()).toEqual([]);
    expect(await store.removeUnfinished(new Date(Date.now() + 60_000))).toEqual([]);
    store.close();
  });

  it("that a killed program left in parts are removed, those of others are not", async () => {
    const client = s3Client(storage.settings);
    for (const key of ["mine/one/database.dump.age", "others/one/database.dump.age"]) {
      await client.text({ method: "POST", key, query: { uploads: "" }, what: "begin" });
    }
    const [mine, others] = [s3Store(storage.settings, "mine/"), s3Store(storage.settings, "others/")];
    expect(await mine.removeUnfinished(new Date(Date.now() - 60_000))).toEqual([]);
    const later = new Date(Date.now() + 60_000);
    expect(await mine.removeUnfinished(later)).toEqual(["one/database.dump.age"]);
    expect(await others.removeUnfinished(later)).toEqual(["one/database.dump.age"]);
    for (const each of [client, mine, others]) each.close();
  });

  it("are listed to the end, however many pages that takes", async () => {
    const store = s3Store(storage.settings, "many/", { pageSize: 10 });
    const names = Array.from({ length: 25 }, (_, at) => `${String(at).padStart(4, "0")}`);
    for (const name of names) await store.write(name, large(0));
    expect((await store.list()).map(({ name }) => name)).toEqual(names);
    store.close();
  });
});

describe("a backup in a bucket", () => {
  const location = (name: string) => `s3://${storage.bucket}/team/demo/${name}/`;

  it.each(["true", "false"])("is made, verified, restored and pruned with the path style %s", async (style) => {
    const env = { ...storage.env, S3_FORCE_PATH_STYLE: style, BACKUP_LOCATION: location(`style-${style}`) };
    for (const command of ["backup", "verify", "restore"]) {
      const { code, result, stderr } = await workshop.run(command, database, env);
      expect([command, code, stderr]).toEqual([command, 0, ""]);
      expect(result).toMatchObject({ ok: true, location: env.BACKUP_LOCATION });
    }
    expect(await look(database)).toMatchObject({ tasks: 300, sessions: ["before"] });
    const { result } = await workshop.run("prune", undefined, {
      ...env,
      BACKUP_LOCATION: `s3://${storage.bucket}/team/demo/`,
      RETENTION_KEEP_LAST: "1",
    });
    expect(result.kept).toEqual([`style-${style}`]);
  });

  it.each<[string, (env: Record<string, string>) => Record<string, string>, string, RegExp]>([
    ["a wrong secret key", () => ({ S3_SECRET_ACCESS_KEY: "wrong" }), "StorageCredentialsRefused", /secret key/],
    ["an unknown key", () => ({ S3_ACCESS_KEY_ID: "nobody" }), "StorageCredentialsRefused", /access key/],
    ["a key that may only read", () => storage.reader, "StorageAccessDenied", /put/],
    ["no bucket", () => ({ BACKUP_LOCATION: "s3://no-such-bucket/a/" }), "BucketNotFound", /Create the bucket/],
    ["another authority", () => ({ S3_CA_FILE: "" }), "StorageCertificateUntrusted", /certificate authority/],
    [
      "plain HTTP to TLS",
      (env) => ({ S3_ENDPOINT: (env.S3_ENDPOINT ?? "").replace("https", "http") }),
      "StorageFailed",
      /endpoint/,
    ],
    ["no keys", () => ({ S3_ACCESS_KEY_ID: "" }), "StorageCredentialsRefused", /Secret of the destination/],
    [
      "a session token of nobody",
      () => ({ S3_SESSION_TOKEN: "expired" }),
      "StorageCredentialsRefused",
      /session token/,
    ],
  ])("with %s says what to do", async (_what, change, reason, advice) => {
    const env = { ...storage.env, BACKUP_LOCATION: location("refused"), ...change({ ...storage.env }) };
    const { code, result } = await workshop.run("backup", database, env);
    expect([code, result.reason]).toEqual([1, reason]);
    expect(result.message).toMatch(advice);
    expect(result.message).not.toContain(storage.env.S3_SECRET_ACCESS_KEY);
  });
});

import { describe, expect, it } from "vitest";
import { differencesOf } from "./compare-tables.ts";
import { compareWithKeys, type Manifest, newKeys, newManifest, OBJECTS, readManifest } from "./manifest.ts";

const sha256 = "0".repeat(64);
const table = { name: "app.task", rows: 2, digest: "1".repeat(64) };
const manifest = newManifest({
  id: "one",
  instanceId: "0123abcd",
  release: "0.1.0",
  schemaVersion: 9,
  startedAt: "2026-01-01T00:00:00.000Z",
  finishedAt: "2026-01-01T00:01:00.000Z",
  postgresVersion: "17.10",
  pgDumpMajor: 17,
  tables: [table],
  objects: { [OBJECTS.dump]: { bytes: 10, sha256 }, [OBJECTS.keys]: { bytes: 5, sha256 } },
});
const keys = newKeys({
  instanceId: "0123abcd",
  betterAuthSecret: "s".repeat(32),
  schemaVersion: 9,
  dump: { bytes: 10, sha256 },
  tables: [table],
});

describe("a manifest", () => {
  it("is read as it was written", () => {
    expect(readManifest(JSON.stringify(manifest), "there")).toEqual(manifest);
  });

  it.each([
    ["of a newer format", JSON.stringify({ ...manifest, format: 2 }), "BackupTooNew"],
    ["that is cut off", JSON.stringify(manifest).slice(0, 100), "BackupDamaged"],
    ["without a checksum", JSON.stringify({ ...manifest, objects: {} }), "BackupDamaged"],
  ])("%s is refused", (_what, text, reason) => {
    expect(() => readManifest(text, "there")).toThrow(expect.objectContaining({ reason }));
  });

  it.each<[string, Partial<Manifest>]>([
    ["the instance", { instanceId: "ffffffff" }],
    ["the schema version", { schemaVersion: 8 }],
    ["the rows of the tables", { tables: [{ ...table, rows: 1 }] }],
    ["the checksum", { objects: { ...manifest.objects, [OBJECTS.dump]: { bytes: 10, sha256: "2".repeat(64) } } }],
  ])("in which somebody changed %s does not fit the encrypted keys", (what, change) => {
    expect(() => compareWithKeys({ ...manifest, ...change }, keys, "there")).toThrow(
      expect.objectContaining({ reason: "ManifestMismatch", message: expect.stringContaining(what) }),
    );
    expect(() => compareWithKeys(manifest, keys, "there")).not.toThrow();
  });
});

it("tables differ by rows, by content, and by being there", () => {
  const found = [
    { ...table, digest: "3".repeat(64) },
    { name: "app.extra", rows: 0, digest: sha256 },
  ];
  expect(differencesOf([table, { name: "app.gone", rows: 1, digest: sha256 }], found)).toEqual([
    "app.task has other content",
    "app.gone is missing",
    "app.extra was not in the backup",
  ]);
  expect(differencesOf([table], [{ ...table, rows: 1 }])).toEqual(["app.task has 1 rows instead of 2"]);
  expect(differencesOf([table], [table])).toEqual([]);
});

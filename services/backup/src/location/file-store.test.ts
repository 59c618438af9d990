import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { partsOf, textOf } from "../bytes/measure.ts";
import { fileStore } from "./file-store.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "file-store-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function* failing(): AsyncGenerator<Uint8Array> {
  yield Buffer.from("half");
  throw new Error("broken");
}

describe("objects in a folder", () => {
  it("are written, listed with their folders, read and removed", async () => {
    const store = fileStore(join(folder, "new/place"));
    await store.write("one/manifest.json", partsOf("{}"));
    await store.write("a", partsOf("text"));
    expect((await store.list()).map(({ name, bytes }) => [name, bytes])).toEqual([
      ["a", 4],
      ["one/manifest.json", 2],
    ]);
    expect(await textOf(store.read("a"))).toBe("text");
    await store.remove("one/manifest.json");
    await store.remove("one/manifest.json");
    expect(await readdir(join(folder, "new/place"))).toEqual(["a"]);
  });

  it("appear whole or not at all", async () => {
    const store = fileStore(join(folder, "half"));
    await store.write("object", partsOf("old"));
    await expect(store.write("object", failing())).rejects.toThrow("broken");
    expect(await readFile(join(folder, "half/object"), "utf8")).toBe("old");
    expect(await readdir(join(folder, "half"))).toEqual(["object"]);
  });

  it("are none in a folder that does not exist, and one that is missing says so", async () => {
    const store = fileStore(join(folder, "nowhere"));
    expect(await store.list()).toEqual([]);
    await expect(textOf(store.read("manifest.json"))).rejects.toMatchObject({ reason: "BackupNotFound" });
  });

  it("that an interrupted program left unfinished are in no list and are removed by their age", async () => {
    const place = join(folder, "killed");
    const store = fileStore(place);
    await store.write("one/manifest.json", partsOf("{}"));
    const draft = join(place, "one/database.dump.age.unfinished");
    await writeFile(draft, "half");
    await utimes(draft, new Date(), new Date(Date.now() - 60_000));
    expect((await store.list()).map(({ name }) => name)).toEqual(["one/manifest.json"]);
    expect(await store.removeUnfinished(new Date(Date.now() - 120_000))).toEqual([]);
    expect(await store.removeUnfinished(new Date())).toEqual(["one/database.dump.age"]);
    expect(await readdir(join(place, "one"))).toEqual(["manifest.json"]);
  });

  it("that can't be written say what to do", async () => {
    await writeFile(join(folder, "file"), "");
    const store = fileStore(join(folder, "file"));
    await expect(store.write("object", partsOf("x"))).rejects.toMatchObject({ reason: "StorageFailed" });
  });
});

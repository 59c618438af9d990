import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addToStore, tar } from "@taskassistant/cluster/images";
import { identityOf, writeJson } from "@taskassistant/cluster/machine";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { buildImages } from "./build.ts";
import { INPUTS } from "./catalogue.ts";
import { hashOf } from "./inputs.ts";
import { forgetOldImages, stepsIn, tidyUp, unused } from "./tidy.ts";

const HOUR_MS = 60 * 60_000;
const folder = mkdtempSync(join(tmpdir(), "ta-tidy-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("finds the images of a build's steps in the output of buildah", () => {
  const output = `[1/2] STEP 1/3: FROM localhost/build:1 AS packages
--> Using cache 303ca3509b4bc58a7a751096ee1c863bb22903259311050415dcbff9423234c4
--> 303ca3509b4
RUN says --> deadbeef0000
[2/2] COMMIT x
--> 76078189868
Successfully tagged x
`;
  expect(stepsIn(output)).toEqual([
    "303ca3509b4bc58a7a751096ee1c863bb22903259311050415dcbff9423234c4",
    "303ca3509b4",
    "76078189868",
  ]);
});

it("an image is unused if no latest build used it and its name is not kept", () => {
  const list = [
    { id: "303ca3509b4b", names: null },
    { id: "111111111111", names: null },
    { id: "222222222222", names: ["localhost/base:1"] },
    { id: "333333333333", names: ["localhost/base:0"] },
  ];
  expect(unused(list, ["303ca3509b4"], ["localhost/base:1"])).toEqual(["111111111111", "333333333333"]);
});

/** An image of one small layer in a store, and when it was last used. */
async function addImage(store: string, name: string, text: string, usedAt: Date): Promise<void> {
  const layer = tar([{ path: "f", content: Buffer.from(text) }]);
  const hex = (content: Buffer) => createHash("sha256").update(content).digest("hex");
  const config = Buffer.from(JSON.stringify({ text }));
  const manifest = [{ Config: `${hex(config)}.json`, Layers: [`${hex(layer)}.tar`] }];
  const archive = join(folder, "archive.tar");
  writeFileSync(
    archive,
    tar([
      { path: `${hex(config)}.json`, content: config },
      { path: `${hex(layer)}.tar`, content: layer },
      { path: "manifest.json", content: Buffer.from(JSON.stringify(manifest)) },
    ]),
  );
  mkdirSync(store, { recursive: true });
  const note = join(store, "notes", `${name}.json`);
  writeJson(note, await addToStore(store, archive, `example.org/x:${text}`));
  utimesSync(note, usedAt, usedAt);
}

describe("the store", () => {
  const store = join(folder, "store");
  const notes = () => readdirSync(join(store, "notes")).sort();
  const blobs = () => readdirSync(join(store, "blobs/sha256"));
  const addFour = async (hoursAgo: number) => {
    for (const [at, text] of ["a", "b", "c", "d"].entries())
      await addImage(
        store,
        `model-demo-${text.repeat(12)}`,
        text,
        new Date(Date.now() - hoursAgo * HOUR_MS + at * 1000),
      );
  };
  beforeEach(() => rmSync(store, { recursive: true, force: true }));

  it("keeps the three latest images of a name and removes the blobs of the others", async () => {
    await addFour(2);
    writeJson(join(store, "notes", "api-eeeeeeeeeeee.json"), { reference: "gone", digest: "sha256:00", bytes: 0 });
    expect(blobs()).toHaveLength(12);
    await forgetOldImages(store);
    expect(notes()).toEqual(["b", "c", "d"].map((text) => `model-demo-${text.repeat(12)}.json`));
    expect(blobs()).toHaveLength(9);
  });

  it("keeps images that were used within the last hour, since a cluster may be importing them", async () => {
    await addFour(0.5);
    await forgetOldImages(store);
    expect(notes()).toHaveLength(4);
    expect(blobs()).toHaveLength(12);
  });

  it("marks the images of a build as used when the build starts", async () => {
    const cacheDir = join(folder, "images");
    const name = `postgres-${await hashOf(INPUTS.postgres, [process.version])}`;
    await addImage(join(cacheDir, "store"), name, "p", new Date(0));
    writeJson(join(cacheDir, "build.lock"), identityOf(process.pid));
    const stop = () => {
      throw new Error("enough");
    };
    const root = join(import.meta.dirname, "../..");
    await expect(buildImages({ root, cacheDir, names: ["postgres", "mcp"], say: stop })).rejects.toThrow("enough");
    expect(Date.now() - statSync(join(cacheDir, "store/notes", `${name}.json`)).mtimeMs).toBeLessThan(HOUR_MS);
  });
});

it("a failure to remove old images is reported and does not fail the build", async () => {
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  const cacheDir = join(folder, "layers");
  writeJson(join(cacheDir, "layers.json"), { api: ["111111111111"] });
  const resists = (args: string[]) =>
    Promise.resolve(args[0] === "images" ? '[{"id":"222222222222","names":null}]' : "");
  await tidyUp({ buildah: resists, cacheDir, store: join(folder, "nowhere"), bases: ["localhost/base:1"], say });
  expect(said).toEqual([
    expect.stringMatching(/^images: could not remove old images: ENOENT/),
    "images: could not remove old images: buildah could not remove 1 image(s) from its storage",
  ]);
});

import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { writeJson } from "../../test/cluster/files.ts";
import { addToStore } from "../../test/cluster/images/store.ts";
import { tar } from "../../test/cluster/images/tar.ts";
import { forgetOldImages, stepsIn, unused } from "./tidy.ts";

const store = mkdtempSync(join(tmpdir(), "ta-tidy-"));
afterAll(() => rmSync(store, { recursive: true, force: true }));
const notes = () => readdirSync(join(store, "notes")).sort();
const blobs = () => readdirSync(join(store, "blobs/sha256"));

it("reads the images of a build's steps out of what buildah prints", () => {
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

it("takes for unused what no latest build used and nobody keeps by its name", () => {
  const list = [
    { id: "303ca3509b4b", names: null },
    { id: "111111111111", names: null },
    { id: "222222222222", names: ["localhost/base:1"] },
    { id: "333333333333", names: ["localhost/base:0"] },
  ];
  expect(unused(list, ["303ca3509b4"], ["localhost/base:1"])).toEqual(["111111111111", "333333333333"]);
});

it("keeps the three latest images of a name, and no blob of the others", async () => {
  for (const [at, text] of ["a", "b", "c", "d"].entries()) {
    const layer = tar([{ path: "f", content: Buffer.from(text) }]);
    const hex = (content: Buffer) => createHash("sha256").update(content).digest("hex");
    const config = Buffer.from(JSON.stringify({ text }));
    const manifest = [{ Config: `${hex(config)}.json`, Layers: [`${hex(layer)}.tar`] }];
    const archive = join(store, "archive.tar");
    writeFileSync(
      archive,
      tar([
        { path: `${hex(config)}.json`, content: config },
        { path: `${hex(layer)}.tar`, content: layer },
        { path: "manifest.json", content: Buffer.from(JSON.stringify(manifest)) },
      ]),
    );
    const note = join(store, "notes", `model-demo-${text.repeat(12)}.json`);
    writeJson(note, await addToStore(store, archive, `example.org/x:${text}`));
    utimesSync(note, at, at);
  }
  writeJson(join(store, "notes", "api-eeeeeeeeeeee.json"), { reference: "gone", digest: "sha256:00", bytes: 0 });
  expect(blobs()).toHaveLength(12);
  await forgetOldImages(store);
  expect(notes()).toEqual(["b", "c", "d"].map((text) => `model-demo-${text.repeat(12)}.json`));
  expect(blobs()).toHaveLength(9);
});

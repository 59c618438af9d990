import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, it } from "vitest";
import { run } from "../machine/run.ts";
import { imagesIn } from "./import.ts";
import { addToStore, archiveOf, type ImageSet, isWhole, keepOnly, type StoredImage } from "./store.ts";
import { tar } from "./tar.ts";

const root = mkdtempSync(join(tmpdir(), "ta-store-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let store: string;
beforeEach(() => {
  store = mkdtempSync(join(root, "case-"));
});

const hexOf = (content: Buffer) => createHash("sha256").update(content).digest("hex");
const layer = (text: string) => tar([{ path: text, content: Buffer.from(text.repeat(300)) }]);
const blobs = () => readdirSync(join(store, "blobs/sha256")).sort();

/** An archive as buildah writes it: each part named by its digest. */
function archive(
  reference: string,
  layers: readonly Buffer[],
  spoil: (part: Buffer) => Buffer = (part) => part,
): string {
  const config = Buffer.from(JSON.stringify({ architecture: "amd64", config: { User: reference } }));
  const parts = layers.map((content) => ({ path: `${hexOf(content)}.tar`, content }));
  const manifest = [{ Config: `${hexOf(config)}.json`, RepoTags: [reference], Layers: parts.map(({ path }) => path) }];
  const file = join(root, `${hexOf(config)}.archive.tar`);
  const entries = [
    ...parts.map(({ path, content }) => ({ path, content: spoil(content) })),
    { path: `${hexOf(config)}.json`, content: config },
    { path: "manifest.json", content: Buffer.from(JSON.stringify(manifest)) },
  ];
  writeFileSync(file, tar(entries));
  return file;
}

/** Two images on one base. */
async function filled(): Promise<ImageSet & { images: [StoredImage, StoredImage] }> {
  const one = await addToStore(store, archive("example.org/one:1", [layer("base"), layer("one")]), "example.org/one:1");
  const two = await addToStore(store, archive("example.org/two:1", [layer("base"), layer("two")]), "example.org/two:1");
  return { store, images: [one, two] };
}

async function unpacked(set: ImageSet, present?: ReadonlySet<string>): Promise<string> {
  const into = mkdtempSync(join(root, "unpacked-"));
  await run("tar", ["-xf", "-", "-C", into], { timeoutMs: 10_000, input: archiveOf(set, present) });
  return into;
}
const json = (path: string) => JSON.parse(readFileSync(path, "utf8"));

it("stores a shared layer once", async () => {
  const { images } = await filled();
  // Three layers, two configurations, two manifests.
  expect(blobs()).toHaveLength(7);
  for (const name of blobs()) expect(hexOf(readFileSync(join(store, "blobs/sha256", name)))).toBe(name);
  expect(images[0].bytes).toBe(layer("base").length + layer("one").length);
});

it("creates one archive in which containerd and Docker find each image by its name", async () => {
  const set = await filled();
  const into = await unpacked(set);
  expect(readdirSync(join(into, "blobs/sha256")).sort()).toEqual(blobs());
  const names = json(join(into, "index.json")).manifests.map(
    ({ annotations }: { annotations: Record<string, string> }) => annotations["io.containerd.image.name"],
  );
  expect(names).toEqual(["example.org/one:1", "example.org/two:1"]);
  const [one] = json(join(into, "manifest.json"));
  expect(one.RepoTags).toEqual(["example.org/one:1"]);
  expect(readFileSync(join(into, one.Layers[1]))).toEqual(layer("one"));
  expect(json(join(into, one.Config))).toMatchObject({ config: { User: "example.org/one:1" } });
  const { digest, size } = json(join(into, "index.json")).manifests[0];
  expect(readFileSync(join(into, "blobs", digest.replace(":", "/")))).toHaveLength(size);
});

it("omits blobs that the receiver already has", async () => {
  const into = await unpacked(await filled(), new Set([`sha256:${hexOf(layer("base"))}`]));
  expect(readdirSync(join(into, "blobs/sha256"))).not.toContain(hexOf(layer("base")));
  expect(readdirSync(join(into, "blobs/sha256"))).toContain(hexOf(layer("two")));
});

it("rejects a member that does not match its digest and does not keep it", async () => {
  const damaged = archive("example.org/bad:1", [layer("bad")], () => Buffer.from("something else"));
  await expect(addToStore(store, damaged, "example.org/bad:1")).rejects.toThrow(/is damaged/);
  expect(blobs()).not.toContain(hexOf(layer("bad")));
  expect(readdirSync(store)).toEqual(["blobs"]);
});

it("removes blobs that no image needs and the remains of an interrupted import", async () => {
  const { images } = await filled();
  mkdirSync(join(store, "unpack-abc"));
  keepOnly({ store, images: [images[1]] });
  expect(blobs()).toHaveLength(4);
  expect(isWhole(store, images[1])).toBe(true);
  expect(isWhole(store, images[0])).toBe(false);
  expect(readdirSync(store)).toEqual(["blobs"]);
});

it("reports an image without one of its layers as incomplete", async () => {
  const { images } = await filled();
  rmSync(join(store, "blobs/sha256", hexOf(layer("one"))));
  expect(images.map((image) => isWhole(store, image))).toEqual([false, true]);
});

it("reports the error of an interrupted stream instead of the reader's error", async () => {
  const set = await filled();
  rmSync(join(store, "blobs/sha256", hexOf(layer("two"))));
  await expect(unpacked(set)).rejects.toThrow(/ENOENT.*blobs/);
});

it("reads the table of a node's images", () => {
  const table = `REF TYPE DIGEST SIZE PLATFORMS LABELS
example.org/one:1 application/vnd.oci.image.manifest.v1+json sha256:aa 1.0 MiB linux/amd64 io.cri-containerd.image=managed
example.org/two:1 application/vnd.oci.image.manifest.v1+json sha256:bb 2.0 MiB linux/amd64 -
`;
  expect([...imagesIn(table)]).toEqual([
    ["example.org/one:1", "sha256:aa"],
    ["example.org/two:1", "sha256:bb"],
  ]);
  expect(imagesIn("REF TYPE DIGEST SIZE PLATFORMS LABELS\n").size).toBe(0);
});

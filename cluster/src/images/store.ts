import { createHash } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { sha256Of, writeAtomically } from "../machine/files.ts";
import { run } from "../machine/run.ts";
import { fileHeader, filePadding, TAR_END, tarFile } from "./tar.ts";

/** An image of a store. */
export type StoredImage = {
  /** With registry and tag. */
  readonly reference: string;
  /** Of its manifest: `sha256:HEX`. */
  readonly digest: string;
  /** Of its layers together. */
  readonly bytes: number;
};

/** Images and the folder with their blobs (`blobs/sha256/HEX`). Images share equal blobs. */
export type ImageSet = { readonly store: string; readonly images: readonly StoredImage[] };

type Descriptor = { readonly mediaType: string; readonly digest: string; readonly size: number };
/** The part of an image manifest (OCI image-spec 1.0) that is used here. */
type Manifest = { readonly config: Descriptor; readonly layers: readonly Descriptor[] };

const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const CONFIG = "application/vnd.oci.image.config.v1+json";
/** Uncompressed, since compression takes more time than it saves in disk space. */
const LAYER = "application/vnd.oci.image.layer.v1.tar";

const folderOf = (store: string) => join(store, "blobs", "sha256");
const pathOf = (store: string, digest: string) => join(folderOf(store), digest.replace(/^sha256:/, ""));
const sha256 = (content: Buffer) => `sha256:${createHash("sha256").update(content).digest("hex")}`;

function manifestOf(store: string, { digest }: StoredImage): Manifest {
  return JSON.parse(readFileSync(pathOf(store, digest), "utf8")) as Manifest;
}

function blobsOf(store: string, image: StoredImage): string[] {
  const { config, layers } = manifestOf(store, image);
  return [image.digest, config.digest, ...layers.map((layer) => layer.digest)];
}

/**
 * Adds the only image of a `docker save` archive whose members are named by their digests, as buildah writes it.
 * Existing blobs are not unpacked again. @throws if a member does not match its digest
 */
export async function addToStore(store: string, archive: string, reference: string): Promise<StoredImage> {
  mkdirSync(folderOf(store), { recursive: true });
  const [entry] = JSON.parse(await run("tar", ["-xOf", archive, "manifest.json"], { timeoutMs: 60_000 })) as {
    Config: string;
    Layers: string[];
  }[];
  if (entry === undefined) throw new Error(`${archive} contains no image`);
  await unpackBlobs(store, archive, [entry.Config, ...entry.Layers]);
  const describe = async (member: string, mediaType: string): Promise<Descriptor> => {
    const digest = digestIn(member);
    return { mediaType, digest, size: (await stat(pathOf(store, digest))).size };
  };
  const config = await describe(entry.Config, CONFIG);
  const layers = await Promise.all(entry.Layers.map((member) => describe(member, LAYER)));
  const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, config, layers }));
  const digest = sha256(manifest);
  writeAtomically(pathOf(store, digest), manifest);
  return { reference, digest, bytes: layers.reduce((sum, layer) => sum + layer.size, 0) };
}

function digestIn(member: string): string {
  const [, hex] = /^([0-9a-f]{64})\.(?:tar|json)$/.exec(member) ?? [];
  if (hex === undefined) throw new Error(`the archive's member ${member} is not named by its digest`);
  return `sha256:${hex}`;
}

async function unpackBlobs(store: string, archive: string, members: readonly string[]): Promise<void> {
  const missing = members.filter((member) => !existsSync(pathOf(store, digestIn(member))));
  if (missing.length === 0) return;
  const work = mkdtempSync(join(store, "unpack-"));
  try {
    await run("tar", ["-xf", archive, "-C", work, ...new Set(missing)], { timeoutMs: 300_000 });
    for (const member of new Set(missing)) {
      if (`sha256:${await sha256Of(join(work, member))}` !== digestIn(member))
        throw new Error(`${archive} is damaged: ${member} does not match its digest`);
      await rename(join(work, member), pathOf(store, digestIn(member)));
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** True if the store has every blob of the image. */
export function isWhole(store: string, image: StoredImage): boolean {
  return (
    existsSync(pathOf(store, image.digest)) && blobsOf(store, image).every((blob) => existsSync(pathOf(store, blob)))
  );
}

/** Removes every blob that none of these images needs, and the remains of an interrupted `addToStore`. */
export function keepOnly({ store, images }: ImageSet): void {
  const needed = new Set(images.flatMap((image) => blobsOf(store, image)).map((digest) => pathOf(store, digest)));
  for (const name of readdirSync(folderOf(store))) {
    const path = join(folderOf(store), name);
    if (!needed.has(path)) rmSync(path, { force: true });
  }
  for (const name of readdirSync(store)) {
    if (name.startsWith("unpack-")) rmSync(join(store, name), { recursive: true, force: true });
  }
}

/** The files besides the blobs. They make the archive both an OCI image layout and a `docker save` archive. */
function contents({ store, images }: ImageSet): Record<string, unknown> {
  const inArchive = ({ digest }: Descriptor) => `blobs/${digest.replace(":", "/")}`;
  const manifests = images.map(({ reference, digest }) => ({
    mediaType: MANIFEST,
    digest,
    size: readFileSync(pathOf(store, digest)).length,
    annotations: { "io.containerd.image.name": reference, "org.opencontainers.image.ref.name": reference },
  }));
  const forDocker = images.map((image) => {
    const { config, layers } = manifestOf(store, image);
    return { Config: inArchive(config), RepoTags: [image.reference], Layers: layers.map(inArchive) };
  });
  return {
    "oci-layout": { imageLayoutVersion: "1.0.0" },
    "index.json": { schemaVersion: 2, manifests },
    "manifest.json": forDocker,
  };
}

/**
 * Streams all images as one archive, which is both an OCI image layout and a `docker save` archive. It contains a shared
 * layer once and omits the blobs in `present`.
 */
export async function* archiveOf(set: ImageSet, present: ReadonlySet<string> = new Set()): AsyncGenerator<Buffer> {
  for (const [name, content] of Object.entries(contents(set)))
    yield tarFile(name, Buffer.from(JSON.stringify(content)));
  for (const digest of new Set(set.images.flatMap((image) => blobsOf(set.store, image)))) {
    if (present.has(digest)) continue;
    const path = pathOf(set.store, digest);
    const { size } = await stat(path);
    yield fileHeader(`blobs/${digest.replace(":", "/")}`, size);
    yield* createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>;
    yield filePadding(size);
  }
  yield TAR_END;
}

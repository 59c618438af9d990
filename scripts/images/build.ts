import { mkdir, rm, utimes } from "node:fs/promises";
import { join } from "node:path";
import { addToStore, isWhole, type StoredImage } from "@taskassistant/cluster/images";
import { readJson, withLock, writeJson } from "@taskassistant/cluster/machine";
import { type BaseImages, makeBaseImages, makePostgresImage } from "./base-images.ts";
import { type Buildah, openBuildah, saveArchive, WORK } from "./buildah.ts";
import { type ImageName, INPUTS, imageReference, POSTGRES_IMAGE } from "./catalogue.ts";
import { buildTarget } from "./dockerfile.ts";
import { hashOf, sourceFiles } from "./inputs.ts";
import { tidyUp } from "./tidy.ts";

/** An image of the project in the cache's store; its reference carries the hash of its inputs, so that a change rolls the pods. */
export type BuiltImage = StoredImage & {
  readonly name: ImageName;
  /** False when the inputs were the same as last time and nothing was built. */
  readonly built: boolean;
};

export type BuiltImages = { readonly store: string; readonly images: readonly BuiltImage[] };

export interface BuildOptions {
  root: string;
  /** Folder for the images and buildah's storage. */
  cacheDir: string;
  names: ImageName[];
  say: (text: string) => void;
}

/** An image to have: where it is noted once it is in the store. */
type Wanted = { name: ImageName; reference: string; note: string };

/** A build from nothing on a slow machine. */
const PATIENCE_MS = 60 * 60_000;

/** Builds what changed and returns all; unchanged inputs rebuild nothing. Of several at a time one builds, the others wait. */
export async function buildImages({ root, cacheDir, names, say }: BuildOptions): Promise<BuiltImages> {
  const store = join(cacheDir, "store");
  const wanted = await Promise.all(names.map((name) => describe(name, root, store)));
  // What is in use is never tidied away, by a build of another checkout say: neither while this one runs...
  await markUsed(wanted);
  const missing = wanted.filter((each) => known(store, each) === undefined).map(({ name }) => name);
  if (missing.length > 0) {
    await exclusively(cacheDir, say, () => build({ root, cacheDir, store, say }, wanted));
  }
  const images = wanted.map((each) => {
    const image = known(store, each);
    if (image === undefined) throw new Error(`${each.name} image: gone from ${store} right after it was built`);
    return { ...image, name: each.name, built: missing.includes(each.name) };
  });
  // ...nor while its result is on its way into a cluster.
  await markUsed(wanted);
  writeJson(join(cacheDir, "images.json"), images);
  return { store, images };
}

/** Notes the time of use of those that are there. */
async function markUsed(wanted: readonly Wanted[]): Promise<void> {
  const now = new Date();
  await Promise.all(wanted.map(({ note }) => utimes(note, now, now).catch(unlessMissing)));
}

function unlessMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}

/** Runs `action` while nobody else builds in this cache; buildah's storage belongs to one at a time. */
export async function exclusively<T>(
  cacheDir: string,
  say: (text: string) => void,
  action: () => Promise<T>,
): Promise<T> {
  await mkdir(cacheDir, { recursive: true });
  return withLock(join(cacheDir, "build.lock"), PATIENCE_MS, action, () =>
    say("images: another build is under way; waiting for it"),
  );
}

/** Bytes as people read them. */
export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

async function describe(name: ImageName, root: string, store: string): Promise<Wanted> {
  const recipe = name === "postgres" ? INPUTS.postgres : await sourceFiles(root, INPUTS[name]);
  const hash = await hashOf(recipe, [process.version]);
  return { name, reference: imageReference(name, hash), note: join(store, "notes", `${name}-${hash}.json`) };
}

function known(store: string, { note }: Wanted): StoredImage | undefined {
  const image = readJson<StoredImage>(note);
  return image !== undefined && isWhole(store, image) ? image : undefined;
}

type Place = { root: string; cacheDir: string; store: string; say: (text: string) => void };

async function build(place: Place, wanted: readonly Wanted[]): Promise<void> {
  const { cacheDir, store, say } = place;
  const buildah = await openBuildah(cacheDir, say);
  let bases: BaseImages | undefined;
  for (const each of wanted) {
    // Another run may have built it while this one waited.
    if (known(store, each) !== undefined) continue;
    const { name, reference, note } = each;
    const started = Date.now();
    if (name === "postgres") {
      await postgres(buildah, cacheDir, say);
    } else {
      bases ??= await makeBaseImages(buildah, cacheDir, say);
      say(`${name} image: building`);
      await buildTarget(buildah, name, reference, bases, place);
    }
    const archive = join(cacheDir, `${WORK}${name}.tar`);
    await saveArchive(buildah, reference, archive);
    const image = await addToStore(store, archive, reference);
    await rm(archive);
    writeJson(note, image);
    say(`${name} image: ${megabytes(image.bytes)} in ${Math.round((Date.now() - started) / 1000)} s`);
  }
  await tidyUp({ buildah, cacheDir, store, bases: bases && Object.values(bases), say });
}

/** The official image where a registry can be reached, ours of the same contract where not. */
async function postgres(buildah: Buildah, cacheDir: string, say: (text: string) => void): Promise<void> {
  try {
    await buildah(["pull", "--quiet", "--policy", "always", POSTGRES_IMAGE]);
    say("postgres image: the official one");
  } catch {
    await makePostgresImage(buildah, POSTGRES_IMAGE, cacheDir, say);
  }
}

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

/** An image in the cache's store. Its reference contains the hash of its inputs, so that a change replaces the pods. */
export type BuiltImage = StoredImage & {
  readonly name: ImageName;
  /** False if the inputs were unchanged and nothing was built. */
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

/** An image that is needed, and the file that records it once it is in the store. */
type Wanted = { name: ImageName; reference: string; note: string };

/** Enough for a build without caches on a slow machine. */
const PATIENCE_MS = 60 * 60_000;

/** Builds the images whose inputs changed and returns all. One process builds at a time, and the others wait. */
export async function buildImages({ root, cacheDir, names, say }: BuildOptions): Promise<BuiltImages> {
  const store = join(cacheDir, "store");
  const wanted = await Promise.all(names.map((name) => describe(name, root, store)));
  // A build of another checkout must not remove these images while this build runs...
  await markUsed(wanted);
  const missing = wanted.filter((each) => known(store, each) === undefined).map(({ name }) => name);
  if (missing.length > 0) {
    await exclusively(cacheDir, say, () => build({ root, cacheDir, store, say }, wanted));
  }
  const images = wanted.map((each) => {
    const image = known(store, each);
    if (image === undefined) throw new Error(`${each.name} image: missing from ${store} right after the build`);
    return { ...image, name: each.name, built: missing.includes(each.name) };
  });
  // ...or while a cluster imports them.
  await markUsed(wanted);
  writeJson(join(cacheDir, "images.json"), images);
  return { store, images };
}

/** Records the time of use of the images that exist. */
async function markUsed(wanted: readonly Wanted[]): Promise<void> {
  const now = new Date();
  await Promise.all(wanted.map(({ note }) => utimes(note, now, now).catch(unlessMissing)));
}

function unlessMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}

/** Runs `action` while no other process builds in this cache, since only one may use buildah's storage. */
export async function exclusively<T>(
  cacheDir: string,
  say: (text: string) => void,
  action: () => Promise<T>,
): Promise<T> {
  await mkdir(cacheDir, { recursive: true });
  return withLock(join(cacheDir, "build.lock"), PATIENCE_MS, action, () =>
    say("images: waiting for another build to finish"),
  );
}

/** A number of bytes as megabytes. */
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

/** Uses the official image if its registry can be reached, and otherwise builds one with the same contract. */
async function postgres(buildah: Buildah, cacheDir: string, say: (text: string) => void): Promise<void> {
  try {
    await buildah(["pull", "--quiet", "--policy", "always", POSTGRES_IMAGE]);
    say("postgres image: pulled the official image");
  } catch {
    await makePostgresImage(buildah, POSTGRES_IMAGE, cacheDir, say);
  }
}

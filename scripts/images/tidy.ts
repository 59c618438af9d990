import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { isWhole, keepOnly, type StoredImage } from "@taskassistant/cluster/images";
import { errorText, readJson, writeJson } from "@taskassistant/cluster/machine";
import type { Buildah } from "./buildah.ts";

/** How many images of one name the store keeps: this tree's, and those of trees one goes back and forth between. */
const KEPT_IMAGES = 3;
/** What was used within this time may be on its way into a cluster, also one of another checkout. */
const IN_USE_MS = 60 * 60_000;

/** Removes all but the latest few images of each name from the store, and those used just now. */
export async function forgetOldImages(store: string): Promise<void> {
  const folder = join(store, "notes");
  const notes = await Promise.all(
    (await readdir(folder)).map(async (file) => {
      const path = join(folder, file);
      return { path, name: file.replace(/-[0-9a-f]{12}\.json$/, ""), time: (await stat(path)).mtimeMs };
    }),
  );
  const newestFirst = notes.sort((a, b) => b.time - a.time);
  const kept = newestFirst.filter(
    (note, at) =>
      Date.now() - note.time < IN_USE_MS ||
      newestFirst.slice(0, at).filter(({ name }) => name === note.name).length < KEPT_IMAGES,
  );
  const images: StoredImage[] = [];
  for (const note of newestFirst) {
    const image = readJson<StoredImage>(note.path);
    if (image !== undefined && kept.includes(note) && isWhole(store, image)) images.push(image);
    else await rm(note.path, { force: true });
  }
  keepOnly({ store, images });
}

/**
 * buildah keeps an image for every step of every build for ever, as its cache. What the latest build of a target used is
 * written down; the rest is of old inputs and goes.
 */
type Used = Record<string, string[]>;

const fileIn = (cacheDir: string) => join(cacheDir, "layers.json");

/** Ids of the images that a build used or made, out of what buildah prints: `--> Using cache ID`, `--> ID`. */
export function stepsIn(output: string): string[] {
  const found = [...output.matchAll(/^--> (?:Using cache )?([0-9a-f]{11,64})$/gm)].map(([, id = ""]) => id);
  return [...new Set(found)];
}

/** Writes down what the latest build of a target used. */
export function rememberLayers(cacheDir: string, target: string, output: string): void {
  const used = readJson<Used>(fileIn(cacheDir)) ?? {};
  writeJson(fileIn(cacheDir), { ...used, [target]: stepsIn(output) });
}

type Listed = { id: string; names: string[] | null };

/** Ids out of `buildah images --all --json`, newest first, that are neither used nor named so. */
export function unused(list: readonly Listed[], used: readonly string[], names: readonly string[]): string[] {
  const isUsed = (id: string) => used.some((step) => step.startsWith(id) || id.startsWith(step));
  return list
    .filter(({ id, names: own }) => !isUsed(id) && !own?.some((name) => names.includes(name)))
    .map(({ id }) => id);
}

/**
 * Removes the images of old inputs from the storage. Those that the latest build of each target used stay, and those of
 * the given names. @returns how many went
 */
export async function forgetOldLayers(buildah: Buildah, cacheDir: string, names: readonly string[]): Promise<number> {
  const used = Object.values(readJson<Used>(fileIn(cacheDir)) ?? {}).flat();
  // Without a word about a build everything would look old.
  if (used.length === 0) return 0;
  const list = async () => JSON.parse((await buildah(["images", "--all", "--json"])) || "[]") as Listed[];
  const old = unused(await list(), used, names);
  if (old.length === 0) return 0;
  // A parent can go along with its last child, and is then not known any more: what counts is what is left.
  await buildah(["rmi", "--force", ...old]).catch(() => undefined);
  const left = unused(await list(), used, names).length;
  if (left > 0) throw new Error(`${left} images of old inputs can't be removed from the storage`);
  return old.length;
}

type Tidying = {
  readonly buildah: Buildah;
  readonly cacheDir: string;
  readonly store: string;
  /** Names of images to keep in the storage; none when nothing is known of them. */
  readonly bases: readonly string[] | undefined;
  readonly say: (text: string) => void;
};

/** Removes what is old. A failure is only said: what was to be built is there. */
export async function tidyUp({ buildah, cacheDir, store, bases, say }: Tidying): Promise<void> {
  const orSay = (error: unknown) => say(`images: old ones stay: ${errorText(error)}`);
  await forgetOldImages(store).catch(orSay);
  if (bases !== undefined) await forgetOldLayers(buildah, cacheDir, bases).catch(orSay);
}

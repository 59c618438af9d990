import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { isWhole, keepOnly, type StoredImage } from "@taskassistant/cluster/images";
import { errorText, readJson, writeJson } from "@taskassistant/cluster/machine";
import type { Buildah } from "./buildah.ts";

/** How many images of one name the store keeps, so that switching between branches does not rebuild them. */
const KEPT_IMAGES = 3;
/** A cluster of any checkout may still be importing an image that was used within this time. */
const IN_USE_MS = 60 * 60_000;

/** Keeps the latest few images of each name and those in recent use, and removes the others from the store. */
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
 * The images that the latest build of each target used. buildah keeps an image of every build step as its cache and
 * removes none, so those of old inputs are removed here.
 */
type Used = Record<string, string[]>;

const fileIn = (cacheDir: string) => join(cacheDir, "layers.json");

/** Finds the IDs of the images that a build used or created in buildah's output: `--> Using cache ID`, `--> ID`. */
export function stepsIn(output: string): string[] {
  const found = [...output.matchAll(/^--> (?:Using cache )?([0-9a-f]{11,64})$/gm)].map(([, id = ""]) => id);
  return [...new Set(found)];
}

/** Records the images that the latest build of a target used. */
export function rememberLayers(cacheDir: string, target: string, output: string): void {
  const used = readJson<Used>(fileIn(cacheDir)) ?? {};
  writeJson(fileIn(cacheDir), { ...used, [target]: stepsIn(output) });
}

type Listed = { id: string; names: string[] | null };

/** The IDs from `buildah images --all --json`, newest first, that are not used and have none of the names. */
export function unused(list: readonly Listed[], used: readonly string[], names: readonly string[]): string[] {
  const isUsed = (id: string) => used.some((step) => step.startsWith(id) || id.startsWith(step));
  return list
    .filter(({ id, names: own }) => !isUsed(id) && !own?.some((name) => names.includes(name)))
    .map(({ id }) => id);
}

/**
 * Removes the images of old inputs from the storage. Keeps those that the latest build of each target used and those with
 * the given names. @returns how many it removed
 */
export async function forgetOldLayers(buildah: Buildah, cacheDir: string, names: readonly string[]): Promise<number> {
  const used = Object.values(readJson<Used>(fileIn(cacheDir)) ?? {}).flat();
  // Without a record of a build every image would look old.
  if (used.length === 0) return 0;
  const list = async () => JSON.parse((await buildah(["images", "--all", "--json"])) || "[]") as Listed[];
  const old = unused(await list(), used, names);
  if (old.length === 0) return 0;
  // Removing the last child may remove its parent too, and then rmi fails for the parent. Only what remains counts.
  await buildah(["rmi", "--force", ...old]).catch(() => undefined);
  const left = unused(await list(), used, names).length;
  if (left > 0) throw new Error(`buildah could not remove ${left} image(s) from its storage`);
  return old.length;
}

type Tidying = {
  readonly buildah: Buildah;
  readonly cacheDir: string;
  readonly store: string;
  /** Names of images to keep in the storage. Undefined if they are not known. */
  readonly bases: readonly string[] | undefined;
  readonly say: (text: string) => void;
};

/** Removes old images. Only reports a failure, since the build itself has succeeded. */
export async function tidyUp({ buildah, cacheDir, store, bases, say }: Tidying): Promise<void> {
  const orSay = (error: unknown) => say(`images: could not remove old images: ${errorText(error)}`);
  await forgetOldImages(store).catch(orSay);
  if (bases !== undefined) await forgetOldLayers(buildah, cacheDir, bases).catch(orSay);
}

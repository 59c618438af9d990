import { join } from "node:path";
import { type Layout, layoutOf } from "../layout.ts";
import { readJson, sha256Of, writeJson } from "../machine/files.ts";
import { type RunOptions, run } from "../machine/run.ts";
import { readState } from "../state.ts";
import { archiveOf, type ImageSet } from "./store.ts";

/** containerd's namespace for the images of the CRI. */
const NAMESPACE = "k8s.io";
const IMPORT_MS = 300_000;

export const containerdSocket = (layout: Layout): string => join(layout.dir, "containerd.sock");

function ctr(layout: Layout, words: readonly string[], options: Partial<RunOptions> = {}): Promise<string> {
  const title = `ctr ${words.slice(0, 2).join(" ")}`;
  const place = ["--address", containerdSocket(layout), "--namespace", NAMESPACE];
  return run("ctr", [...place, ...words], { timeoutMs: 60_000, title, ...options });
}

/** Layers must be unpacked with the snapshotter that the CRI uses. */
function importWords(layout: Layout, file: string): string[] {
  const snapshotter = readState(layout)?.node?.snapshotter;
  return ["images", "import", ...(snapshotter === undefined ? [] : ["--snapshotter", snapshotter]), file];
}

/**
 * Imports image archives (`docker save` or OCI layout, tar) into the node. Pods use them with
 * `imagePullPolicy: IfNotPresent`. An archive that this node has already imported is skipped.
 * @returns the archives that were new @throws with containerd's error
 */
export async function importArchives(layout: Layout, archives: readonly string[]): Promise<string[]> {
  const ledger = join(layout.dir, "imported.json");
  const imported: string[] = [];
  for (const archive of archives) {
    const digest = await sha256Of(archive);
    const known = readJson<string[]>(ledger) ?? [];
    if (known.includes(digest)) continue;
    await ctr(layout, importWords(layout, archive), { timeoutMs: IMPORT_MS });
    writeJson(ledger, [...known, digest]);
    imported.push(archive);
  }
  return imported;
}

/**
 * Imports the images of a store into the node at once. A shared layer is sent and unpacked only once, and blobs that the
 * node already has are not sent. @returns the references that were new @throws with containerd's error
 */
export async function importSet(layout: Layout, { store, images }: ImageSet): Promise<string[]> {
  const here = imagesIn(await ctr(layout, ["images", "list"]));
  const missing = images.filter(({ reference, digest }) => here.get(reference) !== digest);
  if (missing.length === 0) return [];
  const blobs = new Set((await ctr(layout, ["content", "list", "--quiet"])).split("\n"));
  const input = archiveOf({ store, images: missing }, blobs);
  await ctr(layout, importWords(layout, "-"), { timeoutMs: IMPORT_MS, input });
  return missing.map(({ reference }) => reference);
}

/** Parses the table of `ctr images list` into digests by reference. */
export function imagesIn(table: string): Map<string, string> {
  const [, ...rows] = table.trim().split("\n");
  return new Map(rows.map((row) => row.split(/\s+/)).map(([reference = "", , digest = ""]) => [reference, digest]));
}

/**
 * Imports archives or images of a store into the node of a running cluster.
 * @param dir the folder that holds clusters; default `clusters` in the project's cache
 */
export function importImages(name: string, images: readonly string[] | ImageSet, dir?: string): Promise<string[]> {
  return importInto(layoutOf(name, dir), images);
}

export function importInto(layout: Layout, images: readonly string[] | ImageSet): Promise<string[]> {
  return "store" in images ? importSet(layout, images) : importArchives(layout, images);
}

/** Gives an image of the node a second reference, as `docker tag` does. */
export async function tagImage(name: string, from: string, to: string, dir?: string): Promise<void> {
  await ctr(layoutOf(name, dir), ["images", "tag", "--force", from, to]);
}

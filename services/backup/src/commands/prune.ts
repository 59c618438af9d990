import type { Log } from "@taskassistant/db";
import { errorText } from "@taskassistant/kit/failures";
import { textOf } from "../bytes/measure.ts";
import type { Store, Stored } from "../location/store.ts";
import { OBJECTS, readManifest } from "../manifest/manifest.ts";
import { type Kept, type Retention, toRemove } from "../retention/retention.ts";

export interface PruneDeps {
  /** The folder above the backups of one assistant. */
  readonly store: Store;
  readonly retention: Retention;
  /** Remains of interrupted backups go when they are older, in minutes: a backup that runs looks the same. */
  readonly remainsAfterMinutes: number;
  readonly log: Log;
  readonly now?: Date;
}

/** What pruning removed and what is left. */
export interface Pruned {
  /** Backups, by name, oldest first. */
  readonly removed: readonly string[];
  /** Names of interrupted backups whose remains were removed. */
  readonly remains: readonly string[];
  readonly kept: readonly string[];
  /** Backups that are there, but can't be read or lack a part. */
  readonly damaged: readonly string[];
}

const MINUTE_MS = 60_000;

/** Removes the backups beyond the retention, and what interrupted ones left behind. */
export async function prune({
  store,
  retention,
  remainsAfterMinutes,
  log,
  now = new Date(),
}: PruneDeps): Promise<Pruned> {
  const folders = byFolder(await store.list());
  const backups: Kept[] = [];
  const remains = new Set<string>();
  const before = new Date(now.getTime() - remainsAfterMinutes * MINUTE_MS);
  for (const [id, objects] of folders) {
    if (!objects.some(({ name }) => name === `${id}/${OBJECTS.manifest}`)) {
      if (objects.every(({ modifiedAt }) => modifiedAt < before)) remains.add(id);
      continue;
    }
    backups.push(await describe(store, id, objects, log));
  }
  const going = toRemove(backups, retention, now);
  for (const id of [...going.map((each) => each.id), ...remains]) await removeFolder(store, id, folders.get(id) ?? []);
  for (const name of await store.removeUnfinished(before)) remains.add(name.split("/")[0] ?? name);
  const left = backups.filter((each) => !going.includes(each));
  const pruned = {
    removed: going.map(({ id }) => id),
    remains: [...remains].sort(),
    kept: left.filter(({ complete }) => complete).map(({ id }) => id),
    damaged: left.filter(({ complete }) => !complete).map(({ id }) => id),
  };
  log.info({ ...pruned, location: store.description }, "pruned");
  return pruned;
}

function byFolder(stored: readonly Stored[]): Map<string, Stored[]> {
  const folders = new Map<string, Stored[]>();
  for (const object of stored) {
    const [id, ...rest] = object.name.split("/");
    // Only what is laid out as a backup is ours to remove.
    if (id === undefined || rest.length !== 1 || !Object.values<string>(OBJECTS).includes(rest[0] ?? "")) continue;
    folders.set(id, [...(folders.get(id) ?? []), object]);
  }
  return folders;
}

async function describe(store: Store, id: string, objects: readonly Stored[], log: Log): Promise<Kept> {
  const sizes = new Map(objects.map(({ name, bytes }) => [name.slice(id.length + 1), bytes]));
  const written = objects.find(({ name }) => name === `${id}/${OBJECTS.manifest}`)?.modifiedAt ?? new Date(0);
  const verified = sizes.has(OBJECTS.verified);
  try {
    const text = await textOf(store.read(`${id}/${OBJECTS.manifest}`));
    const manifest = readManifest(text, `${store.description}${id}/`);
    const complete = Object.entries(manifest.objects).every(([name, { bytes }]) => sizes.get(name) === bytes);
    return { id, finishedAt: new Date(manifest.finishedAt), complete, verified: verified && complete };
  } catch (error) {
    log.warn({ backup: id, reason: errorText(error) }, "a backup can't be read");
    return { id, finishedAt: written, complete: false, verified: false };
  }
}

/** The manifest goes first: what is left after an interruption is no backup any more, and the next run removes it. */
async function removeFolder(store: Store, id: string, objects: readonly Stored[]): Promise<void> {
  const manifestFirst = [...objects].sort((a) => (a.name === `${id}/${OBJECTS.manifest}` ? -1 : 1));
  for (const { name } of manifestFirst) await store.remove(name);
}

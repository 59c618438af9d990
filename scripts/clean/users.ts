import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { cacheDir, inCache, isAlive, type ProcessIdentity, readJson, startTime, writeJson } from "./machine.ts";
import { namesIn } from "./names-in.ts";

export type Place = {
  /** The checkout. */
  readonly root: string;
  /** The project's cache. */
  readonly cache: string;
};

/** A process that uses the files of a checkout and a cache. */
export type User = ProcessIdentity & {
  /** The command as the user typed it, such as `make test`. */
  readonly what: string;
  readonly root: string;
};

/** The cache serves all checkouts that share it. The checkout serves a `make clean` with another cache. */
const foldersOf = ({ root, cache }: Place) => [inCache("users", cache), join(root, ".cache/users")];

/** Keeps `make clean` from removing this checkout's files and those of the cache while this process runs. */
export function announceUse(what: string, root: string, cache: string = cacheDir()): void {
  const user: User = { pid: process.pid, started: startTime(process.pid) ?? "", what, root: resolve(root) };
  const notes = foldersOf({ root, cache }).map((folder) => join(folder, `${process.pid}.json`));
  for (const note of notes) writeJson(note, user);
  process.once("exit", () => {
    for (const note of notes) rmSync(note, { force: true });
  });
}

/** The running processes that use the checkout or the cache, without duplicates. */
export function usersOf(place: Place): User[] {
  const users = foldersOf(place)
    .flatMap((folder) => namesIn(folder).map((name) => readJson<User>(join(folder, name))))
    .filter((user) => user !== undefined)
    .filter(isAlive);
  return users.filter(({ pid }, at) => users.findIndex((user) => user.pid === pid) === at);
}

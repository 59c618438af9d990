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

/** A process that runs on the files of a checkout and of a cache. */
export type User = ProcessIdentity & {
  /** The command as a person gave it: `make test`. */
  readonly what: string;
  readonly root: string;
};

/** In the cache for whoever shares it, and in the checkout for a `make clean` that is given another cache. */
const foldersOf = ({ root, cache }: Place) => [inCache("users", cache), join(root, ".cache/users")];

/** While this process lives, `make clean` removes neither this checkout's files nor those of the cache. */
export function announceUse(what: string, root: string, cache: string = cacheDir()): void {
  const user: User = { pid: process.pid, started: startTime(process.pid) ?? "", what, root: resolve(root) };
  const notes = foldersOf({ root, cache }).map((folder) => join(folder, `${process.pid}.json`));
  for (const note of notes) writeJson(note, user);
  process.once("exit", () => {
    for (const note of notes) rmSync(note, { force: true });
  });
}

/** The living processes that use the checkout or the cache, each once. */
export function usersOf(place: Place): User[] {
  const users = foldersOf(place)
    .flatMap((folder) => namesIn(folder).map((name) => readJson<User>(join(folder, name))))
    .filter((user) => user !== undefined)
    .filter(isAlive);
  return users.filter(({ pid }, at) => users.findIndex((user) => user.pid === pid) === at);
}

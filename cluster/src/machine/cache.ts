import { homedir } from "node:os";
import { join, resolve } from "node:path";

/**
 * The project's own cache: `TASKASSISTANT_CACHE`, else the user's cache folder (XDG base directories). An empty variable
 * counts as unset, since it would name the working directory.
 */
export function cacheDir(env: NodeJS.ProcessEnv = process.env): string {
  return resolve(env.TASKASSISTANT_CACHE || join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "taskassistant"));
}

/** A folder of the cache. scripts/clean/made.ts lists what each one may hold; `make clean` removes nothing else. */
export type CachePart = "clusters" | "forwards" | "go" | "images" | "kube" | "llama" | "python" | "users";

/** The path of one part of the cache. */
export const inCache = (part: CachePart, cache: string = cacheDir()): string => join(cache, part);

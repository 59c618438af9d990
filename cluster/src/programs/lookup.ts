import { accessSync, constants } from "node:fs";
import { join, resolve } from "node:path";
import { errorText } from "../machine/error-text.ts";
import type { Program } from "./names.ts";

export type Served = { readonly dir: string; readonly from: string };

export type LookupDeps = {
  readonly env: NodeJS.ProcessEnv;
  /** The project's cache of this exact set of programs. */
  readonly cache: string;
  /** Fills the cache. @throws with the reason if it can't */
  readonly download: (into: string) => Promise<void>;
  readonly build: (into: string) => Promise<void>;
  /** Runs `action` while no other process fills the cache. */
  readonly exclusively: <T>(action: () => Promise<T>) => Promise<T>;
  readonly log: (line: string) => void;
};

/** The names in `wanted` that are not executable files of `dir`. */
export function missingIn(dir: string, wanted: readonly Program[]): Program[] {
  return wanted.filter((name) => {
    try {
      accessSync(join(dir, name), constants.X_OK);
      return false;
    } catch {
      return true;
    }
  });
}

/**
 * Finds a folder that holds all wanted programs: `KUBEBUILDER_ASSETS`, the project's cache, a download of the official
 * builds, a build from Go modules, in this order. One folder must have all programs, so that versions never mix.
 * @throws if the build fails too
 */
export async function findPrograms(wanted: readonly Program[], deps: LookupDeps): Promise<Served> {
  const assets = deps.env.KUBEBUILDER_ASSETS;
  if (assets !== undefined && assets !== "") {
    const dir = resolve(assets);
    const missing = missingIn(dir, wanted);
    if (missing.length === 0) return { dir, from: "KUBEBUILDER_ASSETS" };
    deps.log(`programs: KUBEBUILDER_ASSETS=${dir} has no ${missing.join(", ")}; trying the next source`);
  }
  if (missingIn(deps.cache, wanted).length === 0) return { dir: deps.cache, from: "cache" };
  return deps.exclusively(async () => {
    // Another run may have filled it while this one waited.
    if (missingIn(deps.cache, wanted).length === 0) return { dir: deps.cache, from: "cache" };
    try {
      await deps.download(deps.cache);
      return { dir: deps.cache, from: "download" };
    } catch (error) {
      deps.log(`programs: could not download them (${errorText(error)}); building from source`);
    }
    await deps.build(deps.cache);
    const missing = missingIn(deps.cache, wanted);
    if (missing.length > 0) throw new Error(`the build created no ${missing.join(", ")} in ${deps.cache}`);
    return { dir: deps.cache, from: "build" };
  });
}

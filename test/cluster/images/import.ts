import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { readJson, writeJson } from "../files.ts";
import { type Layout, layoutOf } from "../layout.ts";
import { run } from "../run.ts";

async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/** The CRI's images live in this namespace of containerd. */
const NAMESPACE = "k8s.io";

export const containerdSocket = (layout: Layout): string => join(layout.dir, "containerd.sock");

/**
 * Imports image archives (`docker save` or OCI layout, tar) into the node; pods find them with
 * `imagePullPolicy: IfNotPresent`. An archive this node has imported before, byte for byte, is skipped.
 * @returns the archives that were new @throws with containerd's words
 */
export async function importInto(layout: Layout, archives: readonly string[]): Promise<string[]> {
  const ledger = join(layout.dir, "imported.json");
  const imported: string[] = [];
  for (const archive of archives) {
    const digest = await digestOf(archive);
    const known = readJson<string[]>(ledger) ?? [];
    if (known.includes(digest)) continue;
    await run("ctr", ["--address", containerdSocket(layout), "--namespace", NAMESPACE, "images", "import", archive], {
      timeoutMs: 300_000,
    });
    writeJson(ledger, [...known, digest]);
    imported.push(archive);
  }
  return imported;
}

/**
 * Imports archives into the node of a running cluster, see `importInto`.
 * @param dir the folder that holds clusters; default `clusters` in the project's cache
 */
export function importImages(name: string, archives: readonly string[], dir?: string): Promise<string[]> {
  return importInto(layoutOf(name, dir), archives);
}

/** Gives an image of the node a second reference, as `docker tag` does. */
export async function tagImage(name: string, from: string, to: string, dir?: string): Promise<void> {
  const socket = containerdSocket(layoutOf(name, dir));
  const words = ["--address", socket, "--namespace", NAMESPACE, "images", "tag", "--force", from, to];
  await run("ctr", words, { timeoutMs: 60_000 });
}

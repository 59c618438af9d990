import { rm } from "node:fs/promises";
import { join } from "node:path";
import { writeStream } from "../../test/cluster/files.ts";
import { archiveOf, type ImageSet, writeLayout } from "../../test/cluster/images/store.ts";
import { run } from "../../test/cluster/run.ts";
import { type BuiltImages, exclusively } from "../images/build.ts";
import { type Buildah, openBuildah, WORK } from "../images/buildah.ts";
import type { Target } from "./target.ts";

const TIMEOUT_MS = 10 * 60_000;

/** What the pods shall use: name of the image -> reference. */
export type References = Map<string, string>;

/**
 * Brings the images to a cluster of the user's by its own means. The embedded one gets them while it starts.
 * @returns the references the pods shall use
 */
export async function loadImages(
  target: Target,
  built: BuiltImages,
  cacheDir: string,
  say: (text: string) => void,
): Promise<References> {
  const load = (words: (file: string) => string[]) =>
    exclusively(cacheDir, say, () => loadFile(built, join(cacheDir, `${WORK}load.tar`), words));
  switch (target.kind) {
    case "embedded":
      break;
    case "kind":
      await load((file) => ["kind", "load", "image-archive", file, "--name", target.cluster]);
      break;
    case "minikube":
      await load((file) => ["minikube", "image", "load", file, "--profile", target.profile]);
      break;
    case "context": {
      const { registry } = target;
      if (registry === undefined) break;
      return exclusively(cacheDir, say, async () => push(await openBuildah(cacheDir, say), built, registry));
    }
  }
  return referencesOf(built);
}

export const referencesOf = ({ images }: BuiltImages): References =>
  new Map(images.map(({ name, reference }) => [name, reference]));

/** All images in one archive, for a program that wants a file. */
async function loadFile(set: ImageSet, file: string, words: (file: string) => string[]): Promise<void> {
  try {
    await writeStream(file, archiveOf(set));
    const [program = "", ...args] = words(file);
    await run(program, args, { timeoutMs: TIMEOUT_MS });
  } finally {
    await rm(file, { force: true });
  }
}

/** Pushes our own images; PostgreSQL is pulled from where it is published. */
async function push(buildah: Buildah, { store, images }: BuiltImages, registry: string): Promise<References> {
  const result = referencesOf({ store, images });
  const ours = images.filter(({ name }) => name !== "postgres");
  writeLayout({ store, images: ours });
  for (const { name, reference } of ours) {
    const remote = `${registry}/${reference.split("/").slice(1).join("/")}`;
    // buildah pushes what its own storage holds.
    const id = (await buildah(["pull", "--quiet", `oci:${store}:${reference}`])).trim();
    await buildah(["push", "--quiet", id, `docker://${remote}`]);
    result.set(name, remote);
  }
  return result;
}

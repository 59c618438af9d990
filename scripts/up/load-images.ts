import { rm } from "node:fs/promises";
import { join } from "node:path";
import { archiveOf, type ImageSet } from "@taskassistant/cluster/images";
import { run, writeStream } from "@taskassistant/cluster/machine";
import { type BuiltImages, exclusively } from "../images/build.ts";
import { type Buildah, openBuildah, WORK } from "../images/buildah.ts";
import type { Target } from "./target.ts";

const TIMEOUT_MS = 10 * 60_000;

/** The references that the pods use, by the name of the image. */
export type References = Map<string, string>;

/**
 * Loads the images into the user's cluster with that cluster's own tools. The embedded cluster imports them while it starts.
 * @returns the references that the pods use
 */
export async function loadImages(
  target: Target,
  built: BuiltImages,
  cacheDir: string,
  say: (text: string) => void,
): Promise<References> {
  const file = join(cacheDir, `${WORK}load.tar`);
  const load = (program: string, ...words: string[]) =>
    exclusively(cacheDir, say, () => asFile(built, file, () => run(program, words, { timeoutMs: TIMEOUT_MS })));
  switch (target.kind) {
    case "embedded":
      break;
    case "kind":
      await load("kind", "load", "image-archive", file, "--name", target.cluster);
      break;
    case "minikube":
      await load("minikube", "image", "load", file, "--profile", target.profile);
      break;
    case "context": {
      const { registry } = target;
      if (registry === undefined) break;
      return exclusively(cacheDir, say, async () => push(built, file, await openBuildah(cacheDir, say), registry));
    }
  }
  return referencesOf(built);
}

export const referencesOf = ({ images }: BuiltImages): References =>
  new Map(images.map(({ name, reference }) => [name, reference]));

/** Writes all images into one archive for a program that needs a file. */
async function asFile(set: ImageSet, file: string, use: () => Promise<unknown>): Promise<void> {
  try {
    await writeStream(file, archiveOf(set));
    await use();
  } finally {
    await rm(file, { force: true });
  }
}

/** Pushes the project's own images. The cluster pulls PostgreSQL from its public registry. */
async function push(built: BuiltImages, file: string, buildah: Buildah, registry: string): Promise<References> {
  const result = referencesOf(built);
  const ours = built.images.filter(({ name }) => name !== "postgres");
  // buildah pushes from its own storage, which may no longer hold an image of an earlier build.
  await asFile({ ...built, images: ours }, file, () => buildah(["pull", "--quiet", `docker-archive:${file}`]));
  for (const { name, reference } of ours) {
    const remote = `${registry}/${reference.split("/").slice(1).join("/")}`;
    await buildah(["push", "--quiet", reference, `docker://${remote}`]);
    result.set(name, remote);
  }
  return result;
}

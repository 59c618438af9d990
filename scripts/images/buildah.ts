import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { aptInstall, which } from "../../test/cluster/index.ts";
import { run } from "../../test/cluster/run.ts";

/** Longest build of one image. */
const BUILD_MS = 20 * 60_000;

/** buildah with a storage of the project's own; needs neither a daemon nor a registry. */
export type Buildah = (args: string[]) => Promise<string>;

/** Installs buildah where it is missing. @throws with what to do where it can't be installed */
export async function openBuildah(cacheDir: string, say: (text: string) => void): Promise<Buildah> {
  if (which("buildah") === undefined) await aptInstall(["buildah"], say);
  const storage = join(cacheDir, "storage");
  await mkdir(storage, { recursive: true });
  const place = ["--root", storage, "--runroot", join(storage, "run"), "--storage-driver", "overlay"];
  return ([command, ...rest]) => run("buildah", [...place, command ?? "", ...rest], { timeoutMs: BUILD_MS, tail: 40 });
}

/** Makes an image out of a folder that holds a whole file system. */
export async function imageFromRootfs(
  buildah: Buildah,
  rootfs: string,
  image: string,
  config: string[],
): Promise<void> {
  const container = (await buildah(["from", "scratch"])).trim().split("\n").at(-1) ?? "";
  try {
    await buildah(["copy", "--quiet", container, rootfs, "/"]);
    await buildah(["config", ...config, container]);
    await buildah(["commit", "--quiet", container, image]);
  } finally {
    await buildah(["rm", container]);
  }
}

/** Writes an image as an archive that `docker load` and `ctr images import` read. */
export async function saveArchive(buildah: Buildah, image: string, file: string): Promise<void> {
  // buildah refuses a file that exists.
  await rm(file, { force: true });
  await buildah(["push", "--quiet", image, `docker-archive:${file}:${image}`]);
}

/** True when the project's storage holds the image. */
export async function hasImage(buildah: Buildah, image: string): Promise<boolean> {
  try {
    await buildah(["inspect", "--type", "image", "--format", "{{.FromImageID}}", image]);
    return true;
  } catch {
    return false;
  }
}

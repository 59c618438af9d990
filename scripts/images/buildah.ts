import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { aptInstall, processesWith, run, stopGently, which } from "@taskassistant/cluster/machine";

/** Longest build of one image. */
const BUILD_MS = 20 * 60_000;
/** Variable with the cache folder that buildah's processes inherit. It lets a later build find those of a killed one. */
const MARKER = "TASKASSISTANT_IMAGES_DIR";

/** buildah with the project's own storage. It needs neither a daemon nor a registry. */
export type Buildah = (args: string[]) => Promise<string>;

/**
 * Installs buildah if it is missing, and removes the processes, working containers and folders of an interrupted build.
 * The caller ensures that no other build runs. @throws with the missing packages if they can't be installed
 */
export async function openBuildah(cacheDir: string, say: (text: string) => void): Promise<Buildah> {
  if (which("buildah") === undefined) await aptInstall(["buildah"], say);
  await stopGently(processesWith(MARKER, cacheDir), 5_000);
  await mkdir(join(cacheDir, "storage"), { recursive: true });
  const buildah = buildahIn(cacheDir);
  if ((await buildah(["containers", "--all", "--quiet"])).trim() !== "") {
    say("images: removing the remains of an interrupted build");
    await buildah(["rm", "--all"]);
  }
  for (const name of await readdir(cacheDir)) {
    if (name.startsWith(WORK)) await rm(join(cacheDir, name), { recursive: true, force: true });
  }
  return buildah;
}

/** Prefix of a build's folders and files. Those that exist when a build starts belong to an interrupted one. */
export const WORK = "work-";

function buildahIn(cacheDir: string): Buildah {
  const storage = join(cacheDir, "storage");
  const place = ["--root", storage, "--runroot", join(storage, "run"), "--storage-driver", "overlay"];
  // In its own mount namespace, so that the kernel removes its mounts however the process ends.
  const alone = process.getuid?.() === 0 ? ["unshare", "--mount", "--propagation", "private"] : [];
  const [program = "", ...words] = [...alone, "buildah", ...place];
  const env = { [MARKER]: cacheDir };
  return ([command = "", ...rest]) =>
    run(program, [...words, command, ...rest], {
      timeoutMs: BUILD_MS,
      tail: 40,
      env,
      title: `buildah ${[command, ...rest.slice(0, 3)].join(" ")}`,
    });
}

/** Creates an image from a folder that contains a whole file system. */
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

/** Writes an image as an archive in the format of `docker save`. */
export async function saveArchive(buildah: Buildah, image: string, file: string): Promise<void> {
  // buildah rejects an existing file.
  await rm(file, { force: true });
  await buildah(["push", "--quiet", image, `docker-archive:${file}:${image}`]);
}

/** True if the project's storage contains the image. */
export async function hasImage(buildah: Buildah, image: string): Promise<boolean> {
  try {
    await buildah(["inspect", "--type", "image", "--format", "{{.FromImageID}}", image]);
    return true;
  } catch {
    return false;
  }
}

import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { aptInstall, processesWith, run, stopGently, which } from "@taskassistant/cluster/machine";

/** Longest build of one image. */
const BUILD_MS = 20 * 60_000;
/** Variable that buildah's processes inherit, set to the cache folder: how a later build finds those of a killed one. */
const MARKER = "TASKASSISTANT_IMAGES_DIR";

/** buildah with a storage of the project's own; needs neither a daemon nor a registry. */
export type Buildah = (args: string[]) => Promise<string>;

/**
 * Installs buildah where it is missing, and takes away what an interrupted build left: its processes, working containers
 * and folders. The caller sees to it that no other build runs. @throws with what to do where it can't be installed
 */
export async function openBuildah(cacheDir: string, say: (text: string) => void): Promise<Buildah> {
  if (which("buildah") === undefined) await aptInstall(["buildah"], say);
  await stopGently(processesWith(MARKER, cacheDir), 5_000);
  await mkdir(join(cacheDir, "storage"), { recursive: true });
  const buildah = buildahIn(cacheDir);
  if ((await buildah(["containers", "--all", "--quiet"])).trim() !== "") {
    say("images: removing what an interrupted build left");
    await buildah(["rm", "--all"]);
  }
  for (const name of await readdir(cacheDir)) {
    if (name.startsWith(WORK)) await rm(join(cacheDir, name), { recursive: true, force: true });
  }
  return buildah;
}

/** How folders and files of one build begin; whatever is called so when a build begins is an interrupted one's. */
export const WORK = "work-";

function buildahIn(cacheDir: string): Buildah {
  const storage = join(cacheDir, "storage");
  const place = ["--root", storage, "--runroot", join(storage, "run"), "--storage-driver", "overlay"];
  // In a mount namespace of its own: with the process, however it ends, the kernel takes back all that it mounted.
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

/** Writes an image as an archive in the format of `docker save`. */
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

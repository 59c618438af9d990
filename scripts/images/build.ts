import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { type BaseImages, makeBaseImages, makePostgresImage } from "./base-images.ts";
import { type Buildah, openBuildah, saveArchive } from "./buildah.ts";
import { type ImageName, INPUTS, imageReference, POSTGRES_IMAGE, type Target } from "./catalogue.ts";
import { hashOf, sourceFiles } from "./inputs.ts";

/** One image as an archive on disk. */
export interface BuiltImage {
  name: ImageName;
  /** Full reference; development builds carry the content hash in the tag, so that a change rolls the pods. */
  reference: string;
  archive: string;
  bytes: number;
  /** False when the inputs were the same as last time and nothing was built. */
  built: boolean;
}

export interface BuildOptions {
  root: string;
  /** Folder for archives and buildah's storage. */
  cacheDir: string;
  names: ImageName[];
  say: (text: string) => void;
}

/** Builds what changed and returns all; unchanged inputs rebuild nothing. */
export async function buildImages({ root, cacheDir, names, say }: BuildOptions): Promise<BuiltImage[]> {
  await mkdir(join(cacheDir, "archives"), { recursive: true });
  let bases: Promise<BaseImages> | undefined;
  const buildah = await openBuildah(cacheDir, say);
  const images: BuiltImage[] = [];
  for (const name of names) {
    const recipe = name === "postgres" ? INPUTS.postgres : await sourceFiles(root, INPUTS[name]);
    const hash = await hashOf(recipe, [process.version]);
    const reference = imageReference(name, hash);
    const archive = join(cacheDir, "archives", `${name}-${hash}.tar`);
    const existing = await stat(archive).catch(() => undefined);
    if (existing) {
      images.push({ name, reference, archive, bytes: existing.size, built: false });
      continue;
    }
    const started = Date.now();
    const partial = `${archive}.partial`;
    if (name === "postgres") {
      await postgres(buildah, partial, cacheDir, say);
    } else {
      bases ??= makeBaseImages(buildah, cacheDir, say);
      say(`${name} image: building`);
      await buildTarget(buildah, name, reference, await bases, { root, cacheDir });
      await saveArchive(buildah, reference, partial);
    }
    await rename(partial, archive);
    await forgetOld(join(cacheDir, "archives"), name);
    const { size } = await stat(archive);
    say(`${name} image: ${megabytes(size)} in ${Math.round((Date.now() - started) / 1000)} s`);
    images.push({ name, reference, archive, bytes: size, built: true });
  }
  await writeFile(join(cacheDir, "images.json"), `${JSON.stringify(images, null, 2)}\n`);
  return images;
}

/** Bytes as people read them. */
export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

/** How many archives of one image are kept: this tree's, and those of trees one goes back and forth between. */
const KEPT_ARCHIVES = 3;

async function forgetOld(folder: string, name: ImageName): Promise<void> {
  const own = (await readdir(folder)).filter((file) => new RegExp(`^${name}-[0-9a-f]{12}\\.tar$`).test(file));
  const aged = await Promise.all(own.map(async (file) => ({ file, time: (await stat(join(folder, file))).mtimeMs })));
  const old = aged.sort((a, b) => b.time - a.time).slice(KEPT_ARCHIVES);
  for (const { file } of old) await rm(join(folder, file), { force: true });
}

/** The official image where a registry can be reached, ours of the same contract where not. */
async function postgres(
  buildah: Buildah,
  archive: string,
  cacheDir: string,
  say: (text: string) => void,
): Promise<void> {
  try {
    await buildah(["pull", "--quiet", "--policy", "always", POSTGRES_IMAGE]);
    say("postgres image: the official one");
  } catch {
    await makePostgresImage(buildah, POSTGRES_IMAGE, cacheDir, say);
  }
  await saveArchive(buildah, POSTGRES_IMAGE, archive);
}

async function buildTarget(
  buildah: Buildah,
  target: Target,
  reference: string,
  bases: BaseImages,
  { root, cacheDir }: { root: string; cacheDir: string },
): Promise<void> {
  const certificates = process.env.NODE_EXTRA_CA_CERTS;
  const arguments_ = [`BUILD_IMAGE=${bases.build}`, `RUNTIME_IMAGE=${bases.runtime}`];
  const volumes = ["/etc/resolv.conf:/etc/resolv.conf:ro"];
  const npmrc = await npmSettings(cacheDir);
  if (npmrc) volumes.push(`${npmrc}:/root/.npmrc:ro`);
  if (certificates) {
    // Only the build stages see it: the machine's own certificate authority does not stay in the image.
    arguments_.push("NODE_EXTRA_CA_CERTS=/run/build-ca.crt");
    volumes.push(`${certificates}:/run/build-ca.crt:ro`);
  }
  await buildah([
    "bud",
    "--quiet",
    "--isolation=chroot",
    "--network=host",
    "--layers",
    ...arguments_.flatMap((argument) => ["--build-arg", argument]),
    ...volumes.flatMap((volume) => ["--volume", volume]),
    ...["--target", target, "--tag", reference, "--file", join(root, "Dockerfile"), root],
  ]);
}

/** The user's npm settings (a registry of their own, say) without what only fits this machine. */
async function npmSettings(cacheDir: string): Promise<string | undefined> {
  const own = await readFile(join(homedir(), ".npmrc"), "utf8").catch(() => undefined);
  if (own === undefined) return undefined;
  const kept = own.split("\n").filter((line) => !/^(cafile|prefix|nodedir|cache)\s*=/.test(line));
  const file = join(cacheDir, "npmrc");
  await writeFile(file, kept.join("\n"), { mode: 0o600 });
  return file;
}

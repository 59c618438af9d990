import { readFile, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { BaseImages } from "./base-images.ts";
import type { Buildah } from "./buildah.ts";
import type { Target } from "./catalogue.ts";
import { rememberLayers } from "./tidy.ts";

/** Builds one target of the Dockerfile on the project's base images and tags it as `reference`. */
export async function buildTarget(
  buildah: Buildah,
  target: Target,
  reference: string,
  bases: BaseImages,
  { root, cacheDir }: { root: string; cacheDir: string },
): Promise<void> {
  const certificates = process.env.NODE_EXTRA_CA_CERTS;
  const arguments_ = [
    `BUILD_IMAGE=${bases.build}`,
    `RUNTIME_IMAGE=${bases.runtime}`,
    `CLIENTS_17_IMAGE=${bases.clients}`,
    `CLIENTS_18_IMAGE=${bases.clients}`,
  ];
  const volumes = ["/etc/resolv.conf:/etc/resolv.conf:ro"];
  const npmrc = await npmSettings(cacheDir);
  if (npmrc) volumes.push(`${npmrc}:/root/.npmrc:ro`);
  if (certificates) {
    // Only the build stages use the machine's certificate authority. It does not become part of the image.
    arguments_.push("NODE_EXTRA_CA_CERTS=/run/build-ca.crt");
    volumes.push(`${certificates}:/run/build-ca.crt:ro`);
  }
  const output = await buildah([
    "bud",
    "--isolation=chroot",
    "--network=host",
    "--layers",
    ...arguments_.flatMap((argument) => ["--build-arg", argument]),
    ...volumes.flatMap((volume) => ["--volume", volume]),
    ...["--target", target, "--tag", reference, "--file", join(root, "Dockerfile"), root],
  ]);
  rememberLayers(cacheDir, target, output);
}

/** The user's npm settings, such as their registry, without those that only fit this machine. */
async function npmSettings(cacheDir: string): Promise<string | undefined> {
  const own = await readFile(join(homedir(), ".npmrc"), "utf8").catch(() => undefined);
  if (own === undefined) return undefined;
  const kept = own.split("\n").filter((line) => !/^(cafile|prefix|nodedir|cache)\s*=/.test(line));
  const file = join(cacheDir, "npmrc");
  await writeFile(file, kept.join("\n"), { mode: 0o600 });
  return file;
}

import { importImages } from "../../test/cluster/index.ts";
import { run } from "../../test/cluster/run.ts";
import type { BuiltImage } from "../images/build.ts";
import type { Target } from "./target.ts";

const TIMEOUT_MS = 10 * 60_000;

/** Brings the images to the cluster by the cluster's own means and returns the references the pods shall use. */
export async function loadImages(target: Target, images: BuiltImage[]): Promise<Map<string, string>> {
  const archives = images.map((image) => image.archive);
  switch (target.kind) {
    case "embedded":
      await importImages(target.name, archives);
      break;
    case "kind":
      for (const archive of archives) {
        await run("kind", ["load", "image-archive", archive, "--name", target.cluster], { timeoutMs: TIMEOUT_MS });
      }
      break;
    case "minikube":
      for (const archive of archives) {
        await run("minikube", ["image", "load", archive, "--profile", target.profile], { timeoutMs: TIMEOUT_MS });
      }
      break;
    case "context":
      return target.registry ? await push(images, target.registry) : references(images);
  }
  return references(images);
}

function references(images: BuiltImage[]): Map<string, string> {
  return new Map(images.map(({ name, reference }) => [name, reference]));
}

/** Pushes our own images; PostgreSQL is pulled from where it is published. */
async function push(images: BuiltImage[], registry: string): Promise<Map<string, string>> {
  const result = references(images);
  for (const { name, reference, archive } of images) {
    if (name === "postgres") continue;
    const remote = `${registry}/${reference.split("/").slice(1).join("/")}`;
    await run("buildah", ["push", `docker-archive:${archive}`, `docker://${remote}`], { timeoutMs: TIMEOUT_MS });
    result.set(name, remote);
  }
  return result;
}

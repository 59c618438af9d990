import type { Catalogue, CataloguedRelease, ReleaseImages } from "./catalogue.ts";

/** A release with the images that this installation uses for it. */
export interface Release extends CataloguedRelease {
  readonly version: string;
}

/** The release of this version, its images at `registry` if one is given; undefined when the catalogue does not have it. */
export function resolveRelease(
  { releases }: Catalogue,
  version: string,
  registry: string | undefined,
): Release | undefined {
  const found = releases[version];
  if (found === undefined) return undefined;
  return { ...found, version, images: registry === undefined ? found.images : moved(found.images, registry) };
}

function moved(images: ReleaseImages, registry: string): ReleaseImages {
  return Object.fromEntries(
    Object.entries(images).map(([part, image]: [string, string]) => [part, withRegistry(image, registry)]),
  ) as { [P in keyof ReleaseImages]: string };
}

/**
 * Replaces the registry host of an image reference. As in the reference grammar of the distribution project, the first
 * component is a host if it is `localhost` or contains a dot or a port. A reference without a host is one of Docker Hub.
 */
export function withRegistry(image: string, registry: string): string {
  const slash = image.indexOf("/");
  const first = slash < 0 ? "" : image.slice(0, slash);
  const hasHost = first === "localhost" || /[.:]/.test(first);
  if (hasHost) return `${registry}/${image.slice(slash + 1)}`;
  return slash < 0 ? `${registry}/library/${image}` : `${registry}/${image}`;
}

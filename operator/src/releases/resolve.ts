import { BUNDLED_VERSION, CATALOGUE, type ReleaseImages } from "./catalogue.ts";

/** A release with the images that this installation uses for it. */
export interface Release {
  readonly version: string;
  readonly images: ReleaseImages;
}

export interface ResolveOptions {
  /** `spec.version`; default: the bundled release. */
  readonly version?: string | undefined;
  /** `spec.images.registry`. */
  readonly registry?: string | undefined;
  /** Images that replace those of the bundled release (the operator's `RELEASE_IMAGES`). */
  readonly overrides?: Partial<ReleaseImages>;
}

/** The requested release; undefined when the catalogue does not have this version. */
export function resolveRelease(options: ResolveOptions): Release | undefined {
  const version = options.version ?? BUNDLED_VERSION;
  const catalogued = CATALOGUE[version];
  if (catalogued === undefined) return undefined;
  const images = version === BUNDLED_VERSION ? { ...catalogued, ...options.overrides } : catalogued;
  const { registry } = options;
  if (registry === undefined) return { version, images };
  const at = (image: string): string => withRegistry(image, registry);
  return {
    version,
    images: {
      frontend: at(images.frontend),
      api: at(images.api),
      mcp: at(images.mcp),
      modelDemo: at(images.modelDemo),
      postgres: at(images.postgres),
    },
  };
}

/** All versions in the catalogue, oldest first. */
export function knownVersions(): string[] {
  return Object.keys(CATALOGUE);
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

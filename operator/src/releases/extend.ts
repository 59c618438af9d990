import type { Catalogue, CataloguedRelease, ReleaseImages } from "./catalogue.ts";

/** What an installation adds to the catalogue. */
export interface Additions {
  /** Images that replace those of the release that the operator brings along (`RELEASE_IMAGES`). */
  readonly images?: Partial<ReleaseImages>;
  /** More releases, or other facts about known ones (`RELEASE_CATALOGUE`). */
  readonly catalogue?: {
    readonly bundled?: string | undefined;
    readonly releases: Readonly<Record<string, CataloguedRelease>>;
  };
}

/** The catalogue of this installation. Throws when the release for resources that name none is not in it. */
export function extendedCatalogue(base: Catalogue, { images = {}, catalogue }: Additions): Catalogue {
  const bundled = catalogue?.bundled ?? base.bundled;
  const releases = { ...base.releases, ...catalogue?.releases };
  if (releases[bundled] === undefined) {
    throw new Error(`release ${bundled} is not in the catalogue, which has ${Object.keys(releases).join(", ")}`);
  }
  const own = releases[base.bundled];
  const replaced = own && { [base.bundled]: { ...own, images: { ...own.images, ...images } } };
  return { bundled, releases: { ...releases, ...replaced } };
}

/** The releases that the operator can run: images, schemas and the ways between them. */

export {
  BUNDLED_VERSION,
  CATALOGUE,
  type Catalogue,
  type CataloguedRelease,
  type ReleaseImages,
  type TemplateRevision,
} from "./catalogue.ts";
export { type Additions, extendedCatalogue } from "./extend.ts";
export { type Path, pathTo, schemaOf } from "./paths.ts";
export { type Release, resolveRelease } from "./resolve.ts";
export { covers, type Schema, type SchemaRange, schemaAfter } from "./schema-range.ts";
export { isOlder, knownVersions } from "./versions.ts";

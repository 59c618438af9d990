/** The releases that the operator can run, and the images of each. */
export { BUNDLED_VERSION, CATALOGUE, type ReleaseImages } from "./catalogue.ts";
export { knownVersions, type Release, resolveRelease } from "./resolve.ts";

/** Which images a release consists of. */
export { BUNDLED_VERSION, CATALOGUE, type ReleaseImages } from "./catalogue.ts";
export { knownVersions, type Release, resolveRelease } from "./resolve.ts";

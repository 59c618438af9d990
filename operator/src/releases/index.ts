/** Which images a release consists of. */
export { BUNDLED_VERSION, CATALOGUE, type ReleaseImages } from "./catalogue.ts";
export { knownVersions, type Release, type ResolveOptions, resolveRelease, withRegistry } from "./resolve.ts";

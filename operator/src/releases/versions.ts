import { compareVersions } from "compare-versions";
import type { Catalogue } from "./catalogue.ts";

/** Whether version `a` is older than version `b`, by Semantic Versioning 2.0.0. */
export function isOlder(a: string, b: string): boolean {
  return compareVersions(a, b) < 0;
}

/** All versions in the catalogue, oldest first. */
export function knownVersions({ releases }: Catalogue): string[] {
  return Object.keys(releases).sort(compareVersions);
}

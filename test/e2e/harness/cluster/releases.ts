import { tagImage } from "@taskassistant/cluster";
import { CATALOGUE, type CataloguedRelease } from "../../../../operator/src/releases/index.ts";
import { RELEASE_PARTS } from "../../../../scripts/images/catalogue.ts";
import { CLUSTER } from "./assistants.ts";

type Part = keyof typeof RELEASE_PARTS;
type Images = Readonly<Record<Part, string>>;

/** The parts whose pods an upgrade replaces. */
const PARTS = (Object.keys(RELEASE_PARTS) as Part[]).filter((part) => part !== "postgres");

/** The release that everybody starts with. */
export const FIRST = CATALOGUE.bundled;
/** The same programs as another release. */
export const NEXT = "0.2.0";
/** Its API's image does not exist. */
export const WITHOUT_IMAGE = "0.2.1";

const nameOf = (part: Part, version: string) => `ghcr.io/taskassistant/${RELEASE_PARTS[part]}:${version}`;

/** What the tests add to the chart's `release.catalogue`. @param references those of the images under test, by name */
export function testCatalogue(references: ReadonlyMap<string, string>): object {
  const next = Object.fromEntries(PARTS.map((part) => [part, nameOf(part, NEXT)])) as unknown as Images;
  const postgres = references.get(RELEASE_PARTS.postgres) ?? "";
  const release = (images: Partial<Images>) => ({
    ...(CATALOGUE.releases[CATALOGUE.bundled] as CataloguedRelease),
    images: { ...next, postgres, ...images },
  });
  return { releases: { [NEXT]: release({}), [WITHOUT_IMAGE]: release({ api: nameOf("api", WITHOUT_IMAGE) }) } };
}

/** Gives the node the images of the next release. @param images references of the images under test, by name */
export async function provideReleases(images: Readonly<Record<string, string>>): Promise<void> {
  for (const part of PARTS) await tagImage(CLUSTER, images[RELEASE_PARTS[part]] ?? "", nameOf(part, NEXT));
}

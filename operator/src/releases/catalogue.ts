import manifest from "../../package.json" with { type: "json" };
import type { SchemaRange } from "./schema-range.ts";

/** Image references of one release. */
export interface ReleaseImages {
  readonly frontend: string;
  readonly api: string;
  readonly mcp: string;
  readonly backup: string;
  readonly modelDemo: string;
  readonly postgres: string;
}

/** The form in which the operator writes the pods of a release. A change of the builders that changes pods is a new one. */
export type TemplateRevision = 1;

/** What the operator knows about one release. */
export interface CataloguedRelease {
  readonly images: ReleaseImages;
  readonly schema: SchemaRange;
  readonly templates: TemplateRevision;
}

/** The releases that an operator can run. */
export interface Catalogue {
  /** The release for resources that name none. */
  readonly bundled: string;
  readonly releases: Readonly<Record<string, CataloguedRelease>>;
}

/** The version of this operator, and of the release that it brings along. */
export const BUNDLED_VERSION = manifest.version;

/** The releases that the operator brings along. An image has its digest where it is known. */
export const CATALOGUE: Catalogue = {
  bundled: BUNDLED_VERSION,
  releases: {
    "0.1.0": {
      images: {
        frontend: "ghcr.io/taskassistant/frontend:0.1.0",
        api: "ghcr.io/taskassistant/api:0.1.0",
        mcp: "ghcr.io/taskassistant/mcp:0.1.0",
        backup: "ghcr.io/taskassistant/backup:0.1.0",
        modelDemo: "ghcr.io/taskassistant/model-demo:0.1.0",
        postgres: "docker.io/library/postgres:17",
      },
      schema: { min: 12, max: 12, compatibleFrom: 5 },
      templates: 1,
    },
  },
};

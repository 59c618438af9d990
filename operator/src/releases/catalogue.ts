import manifest from "../../package.json" with { type: "json" };

/** Image references of one release. */
export interface ReleaseImages {
  readonly frontend: string;
  readonly api: string;
  readonly mcp: string;
  readonly modelDemo: string;
  readonly postgres: string;
}

/** The release that the operator runs when the resource names none. */
export const BUNDLED_VERSION = manifest.version;

/** Every release that the operator can run. */
export const CATALOGUE: Readonly<Record<string, ReleaseImages>> = {
  "0.1.0": {
    frontend: "ghcr.io/taskassistant/frontend:0.1.0",
    api: "ghcr.io/taskassistant/api:0.1.0",
    mcp: "ghcr.io/taskassistant/mcp:0.1.0",
    modelDemo: "ghcr.io/taskassistant/model-demo:0.1.0",
    postgres: "docker.io/library/postgres:17",
  },
};

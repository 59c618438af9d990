import { postgresInputs } from "./base-images.ts";
import { VERSION } from "./version.ts";

/** The official image of the managed database, and the name of the image that replaces it without a registry. */
export const POSTGRES_IMAGE = "docker.io/library/postgres:17";

export const TARGETS = ["operator", "frontend", "api", "mcp", "backup", "model-demo"] as const;
export type Target = (typeof TARGETS)[number];
export type ImageName = Target | "postgres";

const everyTarget = [
  "package-lock.json",
  ".npmrc",
  "Dockerfile",
  ".dockerignore",
  "tsconfig.base.json",
  "scripts/images/bundle.ts",
  // All packages, as the Dockerfile copies them, so that imports may change without a change of this list.
  "packages",
];
/** The inputs of each image, relative to the repository. Their content hash decides whether it is built again. */
export const INPUTS: Record<ImageName, string[]> = {
  operator: [...everyTarget, "operator/src", "operator/package.json"],
  frontend: [...everyTarget, "services/frontend"],
  api: [...everyTarget, "services/api/src", "services/api/package.json"],
  // Includes the migration program, which the operator runs from this image as a Job.
  mcp: [
    ...everyTarget,
    "services/mcp/src",
    "services/mcp/package.json",
    "services/migrate/src",
    "services/migrate/package.json",
  ],
  backup: [...everyTarget, "services/backup/src", "services/backup/package.json"],
  "model-demo": [...everyTarget, "services/model-demo/src", "services/model-demo/package.json"],
  postgres: postgresInputs(),
};

/** The image of each part of a release, by the part's name in the operator and the chart. */
export const RELEASE_PARTS = {
  frontend: "frontend",
  api: "api",
  mcp: "mcp",
  backup: "backup",
  modelDemo: "model-demo",
  postgres: "postgres",
} as const satisfies Record<string, ImageName>;

/** The reference of a released image. */
export function releasedReference(name: ImageName): string {
  return name === "postgres" ? POSTGRES_IMAGE : `ghcr.io/taskassistant/${name}:${VERSION}`;
}

/** The reference of an image that is built here. It changes with the inputs, so that the pods are replaced. */
export function imageReference(name: ImageName, hash: string): string {
  return name === "postgres" ? POSTGRES_IMAGE : `${releasedReference(name)}-dev.${hash}`;
}

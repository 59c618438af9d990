import { postgresInputs } from "./base-images.ts";
import { VERSION } from "./version.ts";

/** The official image the managed database runs, and the name our stand-in is tagged with. */
export const POSTGRES_IMAGE = "docker.io/library/postgres:17";

export const TARGETS = ["operator", "frontend", "api", "mcp", "model-demo"] as const;
export type Target = (typeof TARGETS)[number];
export type ImageName = Target | "postgres";

const everyTarget = [
  "package-lock.json",
  ".npmrc",
  "Dockerfile",
  ".dockerignore",
  "tsconfig.base.json",
  "scripts/images/bundle.ts",
  // Whole, as the Dockerfile copies it: who imports whom may change without this list being told.
  "packages",
];
/** What each image is made of, relative to the repository: its content hash decides whether it is built again. */
export const INPUTS: Record<ImageName, string[]> = {
  operator: [...everyTarget, "operator/src", "operator/package.json"],
  frontend: [...everyTarget, "services/frontend"],
  api: [...everyTarget, "services/api/src", "services/api/package.json"],
  // With the migration program, which the operator runs from this image as a Job.
  mcp: [
    ...everyTarget,
    "services/mcp/src",
    "services/mcp/package.json",
    "services/migrate/src",
    "services/migrate/package.json",
  ],
  "model-demo": [...everyTarget, "services/model-demo/src", "services/model-demo/package.json"],
  postgres: postgresInputs(),
};

/** The image of each part of a release, by the name that the operator and the chart have for the part. */
export const RELEASE_PARTS = {
  frontend: "frontend",
  api: "api",
  mcp: "mcp",
  modelDemo: "model-demo",
  postgres: "postgres",
} as const satisfies Record<string, ImageName>;

/** Where an image is pulled from once it is released. */
export function releasedReference(name: ImageName): string {
  return name === "postgres" ? POSTGRES_IMAGE : `ghcr.io/taskassistant/${name}:${VERSION}`;
}

/** The reference of an image as it is built here: inputs that changed give it another one, so that the pods roll. */
export function imageReference(name: ImageName, hash: string): string {
  return name === "postgres" ? POSTGRES_IMAGE : `${releasedReference(name)}-dev.${hash}`;
}

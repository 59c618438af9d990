import { countField, listField, logLevelField, portField } from "@taskassistant/kit/process";
import { z } from "zod";

const NAMESPACE = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

function json(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: "custom", message: "is no JSON object" });
    return z.NEVER;
  }
}

const schemaNumber = z.int().min(1);
const image = z.string().min(1);
const releaseCatalogue = z.strictObject({
  bundled: z.string().optional(),
  releases: z
    .record(
      z.string().regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/, "is not a version"),
      z.strictObject({
        images: z.strictObject({
          frontend: image,
          api: image,
          mcp: image,
          backup: image,
          modelDemo: image,
          postgres: image,
        }),
        schema: z.strictObject({ min: schemaNumber, max: schemaNumber, compatibleFrom: schemaNumber }),
        templates: z.literal(1).default(1),
      }),
    )
    .default({}),
});

const releaseImages = z
  .strictObject({
    frontend: z.string().min(1).optional(),
    api: z.string().min(1).optional(),
    mcp: z.string().min(1).optional(),
    backup: z.string().min(1).optional(),
    modelDemo: z.string().min(1).optional(),
    postgres: z.string().min(1).optional(),
  })
  .transform((images) => Object.fromEntries(Object.entries(images).filter(([, image]) => image !== undefined)));

/** The operator's environment. The chart sets it; outside a pod POD_NAMESPACE is the only one that must be given. */
export const envSchema = z.object({
  POD_NAMESPACE: z
    .string()
    .regex(NAMESPACE, "is not a namespace name")
    .describe("Namespace of the operator: its lease and the key of its checksums live here."),
  POD_NAME: z.string().default("").describe("Name of the pod, for the lease and for Events. Default: the host name."),
  WATCH_NAMESPACES: listField()
    .refine((names) => names.every((name) => name === "*" || NAMESPACE.test(name)), "is no list of namespaces")
    .refine((names) => !names.includes("*") || names.length === 1, "can't hold * and names at once")
    .describe("Comma-separated namespaces to watch, or * for all. Default: POD_NAMESPACE."),
  RELEASE_IMAGES: z
    .string()
    .default("{}")
    .transform(json)
    .pipe(releaseImages)
    .describe(
      "JSON object with images that replace those of the bundled release: frontend, api, mcp, backup, modelDemo, postgres.",
    ),
  RELEASE_CATALOGUE: z
    .string()
    .default("{}")
    .transform(json)
    .pipe(releaseCatalogue)
    .describe(
      "JSON object with more releases, for who builds their own: releases, by version, each with images, schema (min, max, compatibleFrom) and templates (the revision, 1), and bundled, the version for resources that name none.",
    ),
  LEADER_ELECTION: z
    .enum(["Enabled", "Disabled"], { error: "is neither Enabled nor Disabled" })
    .default("Enabled")
    .describe(
      "Whether this process acts only while it holds the lease of its installation, and in a namespace only while no other installation does.",
    ),
  PROBES: z
    .enum(["Enabled", "Disabled"], { error: "is neither Enabled nor Disabled" })
    .default("Enabled")
    .describe(
      "Whether Ready needs answers from the assistant's Services; Disabled where the operator can't reach them.",
    ),
  USER_IDS: z
    .enum(["Fixed", "Assigned"], { error: "is neither Fixed nor Assigned" })
    .default("Fixed")
    .describe(
      "User and group ids of the assistants' pods: Fixed by the operator, or Assigned by the platform (OpenShift).",
    ),
  HELM_RELEASE: z
    .string()
    .default("taskassistant")
    .describe("Name of the Helm release, for the commands in messages of the uninstall check."),
  HELM_REVISION: countField(1, { min: 1, max: 1_000_000 }).describe(
    "Revision of that release, which a rollback returns to.",
  ),
  HEALTH_PORT: portField(8080).describe("Port of /livez, /readyz and /metrics."),
  LOG_LEVEL: logLevelField(),
});

/** The parsed environment. */
export type Env = z.output<typeof envSchema>;

/** The namespaces whose TaskAssistants concern this operator, or `*` alone for all. */
export function watchedNamespaces(env: Pick<Env, "POD_NAMESPACE" | "WATCH_NAMESPACES">): readonly string[] {
  return env.WATCH_NAMESPACES.length === 0 ? [env.POD_NAMESPACE] : env.WATCH_NAMESPACES;
}

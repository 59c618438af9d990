import { createHash } from "node:crypto";
import type { EnvVar, Job } from "../../../kube/objects.ts";
import type { DatabaseEndpoint, DesiredInput } from "../input.ts";
import { ownedMeta } from "../labels.ts";
import { namesOf, SECRET_KEYS } from "../names.ts";
import { composed, fromSecret } from "../pod/env.ts";
import { podTemplate } from "../pod/pod.ts";
import { resources } from "../pod/resources.ts";
import { authSecretKey } from "../tiers/frontend.ts";
import { address, caBundle, tlsEnv } from "./access.ts";

const RESOURCES = { requests: { cpu: "50m", memory: "96Mi" }, limits: { memory: "256Mi" } };

/** Seconds one Job may take, retries included. */
const DEADLINE_SECONDS = 600;

/**
 * Brings schema, roles and policies to what the release needs. Its name follows from its content (image, address,
 * volume, fingerprints of the Secrets used): the same work is never done by two Jobs, changed inputs make a new one.
 */
export function migration(input: DesiredInput, endpoint: DatabaseEndpoint): Job {
  const ca = caBundle(input);
  const template = podTemplate(input, {
    component: "migrate",
    userId: 65532,
    graceSeconds: 30,
    restartPolicy: "Never",
    volumes: ca.volumes,
    container: {
      image: input.spec.mcp?.image ?? input.images.mcp,
      args: ["migrate.mjs"],
      resources: resources(RESOURCES, undefined),
      env: [...adminUrl(input, endpoint), ...tlsEnv(input), ...roles(input)],
      volumeMounts: ca.volumeMounts,
    },
  });
  const hash = createHash("sha256")
    .update(JSON.stringify([template, endpoint, input.volume?.uid]))
    .digest("hex")
    .slice(0, 10);
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: ownedMeta(input, `${namesOf(input.name).component("migrate")}-${hash}`, "migrate"),
    spec: { backoffLimit: 2, activeDeadlineSeconds: DEADLINE_SECONDS, completions: 1, parallelism: 1, template },
  };
}

function adminUrl(input: DesiredInput, endpoint: DatabaseEndpoint): EnvVar[] {
  const { external } = input.spec.database;
  if (external !== undefined) return [fromSecret("DATABASE_ADMIN_URL", { name: external.secretRef.name, key: "uri" })];
  const secret = { name: namesOf(input.name).databaseSecret, key: SECRET_KEYS.adminPassword };
  return [
    fromSecret("DATABASE_ADMIN_PASSWORD", secret),
    composed("DATABASE_ADMIN_URL", `postgresql://postgres:$(DATABASE_ADMIN_PASSWORD)@${address(endpoint)}`),
  ];
}

function roles(input: DesiredInput): EnvVar[] {
  const name = namesOf(input.name).databaseSecret;
  return [
    fromSecret("INSTANCE_ID", { name, key: SECRET_KEYS.instanceId }),
    fromSecret("AUTH_ROLE_PASSWORD", { name, key: SECRET_KEYS.authPassword }),
    fromSecret("APP_ROLE_PASSWORD", { name, key: SECRET_KEYS.appPassword }),
    fromSecret("BETTER_AUTH_SECRET", authSecretKey(input)),
  ];
}

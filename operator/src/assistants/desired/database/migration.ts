import { createHash } from "node:crypto";
import type { TaskAssistantSpec } from "../../../api/taskassistants/v1alpha1/index.ts";
import type { Job } from "../../../kinds/index.ts";
import type { EnvVar } from "../../../kube/objects.ts";
import type { DatabaseEndpoint, DesiredInput } from "../input.ts";
import { ownedMeta } from "../labels.ts";
import { namesOf, SECRET_KEYS } from "../names.ts";
import { seconds } from "../pod/duration.ts";
import { fromSecret } from "../pod/env.ts";
import { authSecretKey } from "../tiers/frontend.ts";
import { passwordKey, tlsEnv } from "./access.ts";
import { databaseMode } from "./mode.ts";
import { taskPod } from "./task-pod.ts";

const RESOURCES = { requests: { cpu: "50m", memory: "96Mi" }, limits: { cpu: "500m", memory: "256Mi" } };

/**
 * Brings schema, roles and policies to what the release needs. Its name follows from its content (image, address,
 * volume, fingerprints of the Secrets used), so two Jobs never do the same work, and changed inputs lead to a new Job.
 */
export function migration(input: DesiredInput, endpoint: DatabaseEndpoint): Job {
  const template = taskPod(input, {
    component: "migrate",
    program: "migrate.mjs",
    resources: RESOURCES,
    env: [...databaseMode(input.spec).adminEnv(input, endpoint), ...tlsEnv(input), ...roles(input)],
  });
  const hash = createHash("sha256")
    .update(
      JSON.stringify([
        template,
        endpoint,
        input.volume?.uid,
        ...(input.restoredBy === undefined ? [] : [input.restoredBy]),
      ]),
    )
    .digest("hex")
    .slice(0, 10);
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: ownedMeta(input, `${namesOf(input.name).component("migrate")}-${hash}`, "migrate"),
    spec: {
      backoffLimit: 2,
      activeDeadlineSeconds: migrationSeconds(input.spec),
      completions: 1,
      parallelism: 1,
      template,
    },
  };
}

/** Maximum duration of the Job in seconds, retries included. */
export function migrationSeconds({ database }: TaskAssistantSpec): number {
  return seconds(database.migrations.timeout);
}

/** Whether an upgrade may change the schema without being asked. */
export function migrationPolicy({ database }: TaskAssistantSpec): "Automatic" | "Manual" {
  return database.migrations.policy;
}

function roles(input: DesiredInput): EnvVar[] {
  const name = namesOf(input.name).databaseSecret;
  return [
    fromSecret("INSTANCE_ID", { name, key: SECRET_KEYS.instanceId }),
    fromSecret("AUTH_ROLE_PASSWORD", passwordKey(input, "auth")),
    fromSecret("APP_ROLE_PASSWORD", passwordKey(input, "app")),
    fromSecret("MAINTENANCE_ROLE_PASSWORD", passwordKey(input, "maintenance")),
    fromSecret("BETTER_AUTH_SECRET", authSecretKey(input)),
  ];
}

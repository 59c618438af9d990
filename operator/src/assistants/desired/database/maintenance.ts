import { createHash } from "node:crypto";
import type { CronJob } from "../../../kinds/index.ts";
import type { DatabaseEndpoint, DesiredInput } from "../input.ts";
import { ownedMeta } from "../labels.ts";
import { namesOf } from "../names.ts";
import { podTemplate } from "../pod/pod.ts";
import { resources } from "../pod/resources.ts";
import { caBundle, databaseEnv } from "./access.ts";

const RESOURCES = { requests: { cpu: "20m", memory: "64Mi" }, limits: { cpu: "500m", memory: "192Mi" } };

/** Maximum duration of one run in seconds. A run that is ended has kept what it did, and the next goes on. */
const DEADLINE_SECONDS = 1800;

/** Deletes once a day what has expired: the trash, sessions, verifications, rate limits and the audit. */
export function maintenance(input: DesiredInput, endpoint: DatabaseEndpoint): CronJob {
  const ca = caBundle(input);
  const settings = input.spec.database.migrations;
  return {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: ownedMeta(input, namesOf(input.name).component("maintenance"), "maintenance"),
    spec: {
      schedule: schedule(input),
      suspend: input.spec.suspend,
      // A run may write in parallel with nothing but the services.
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: 3600,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 1,
      jobTemplate: {
        spec: {
          backoffLimit: 2,
          activeDeadlineSeconds: DEADLINE_SECONDS,
          template: podTemplate(input, {
            component: "maintenance",
            userId: 65532,
            graceSeconds: 30,
            restartPolicy: "Never",
            settings,
            volumes: ca.volumes,
            container: {
              image: input.spec.mcp?.image ?? input.images.mcp,
              args: ["maintain.mjs"],
              resources: resources(RESOURCES, settings?.resources),
              env: databaseEnv(input, endpoint, "maintenance"),
              volumeMounts: ca.volumeMounts,
            },
          }),
        },
      },
    },
  };
}

/** Once in the night of UTC, at a minute that differs from assistant to assistant and stays the same for each. */
function schedule({ namespace, name }: DesiredInput): string {
  const minute = createHash("sha256").update(`${namespace}/${name}`).digest().readUInt16BE() % 240;
  return `${minute % 60} ${Math.floor(minute / 60)} * * *`;
}

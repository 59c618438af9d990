import { createHash } from "node:crypto";
import type { CronJob } from "../../../kinds/index.ts";
import type { DatabaseEndpoint, DesiredInput } from "../input.ts";
import { childLabels, ownedMeta } from "../labels.ts";
import { namesOf } from "../names.ts";
import { databaseEnv } from "./access.ts";
import { taskPod } from "./task-pod.ts";

const RESOURCES = { requests: { cpu: "20m", memory: "64Mi" }, limits: { cpu: "500m", memory: "192Mi" } };

/** Maximum duration of one run in seconds. A run that is ended has kept what it did, and the next goes on. */
const DEADLINE_SECONDS = 1800;

/** Deletes once a day what has expired: the trash, sessions, verifications, rate limits and the audit. */
export function maintenance(input: DesiredInput, endpoint: DatabaseEndpoint): CronJob {
  return {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: ownedMeta(input, namesOf(input.name).component("maintenance"), "maintenance"),
    spec: {
      schedule: schedule(input),
      suspend: input.spec.suspend || input.restoring,
      // A run may write in parallel with nothing but the services.
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: 3600,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 1,
      jobTemplate: {
        // By these the operator finds the Jobs, to report how they ended.
        metadata: { labels: childLabels(input.name, "maintenance") },
        spec: {
          backoffLimit: 2,
          activeDeadlineSeconds: DEADLINE_SECONDS,
          template: taskPod(input, {
            component: "maintenance",
            program: "maintain.mjs",
            resources: RESOURCES,
            env: databaseEnv(input, endpoint, "maintenance"),
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

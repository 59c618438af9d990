import type { Container, EnvVar, PodTemplate, Volume } from "../../../kube/objects.ts";
import type { Component } from "../components.ts";
import type { DesiredInput } from "../input.ts";
import { PORTS } from "../names.ts";
import { literal } from "../pod/env.ts";
import { podTemplate } from "../pod/pod.ts";
import { resources } from "../pod/resources.ts";
import { caBundle } from "./access.ts";

/** What one task on the database differs in. */
export interface DatabaseTask {
  readonly component: Extract<Component, "migrate" | "maintenance">;
  /** The program within the image of the MCP server. */
  readonly program: string;
  readonly resources: Parameters<typeof resources>[0];
  readonly env: readonly EnvVar[];
}

/** The pod of a Job that works on the database and ends. `database.migrations` has the settings of all of them. */
export function taskPod(input: DesiredInput, task: DatabaseTask): PodTemplate {
  const ca = caBundle(input);
  const settings = input.spec.database.migrations;
  return podTemplate(input, {
    component: task.component,
    userId: 65532,
    graceSeconds: 30,
    restartPolicy: "Never",
    settings,
    volumes: ca.volumes,
    container: {
      image: input.spec.mcp?.image ?? input.release(task.component).images.mcp,
      args: [task.program],
      resources: resources(task.resources, settings?.resources),
      env: [...task.env],
      volumeMounts: ca.volumeMounts,
    },
  });
}

const BACKUP_RESOURCES = { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "1", memory: "192Mi" } };

/** What one run of the backup program differs in. */
export interface BackupTask {
  readonly command: string;
  readonly env: readonly EnvVar[];
  readonly volumes: readonly Volume[];
  readonly volumeMounts: NonNullable<Container["volumeMounts"]>;
}

/** The pod of a Job that backs up, verifies, restores or prunes. It may write to a volume as group 65532. */
export function backupPod(input: DesiredInput, task: BackupTask): PodTemplate {
  const ca = caBundle(input);
  const settings = input.spec.database.migrations;
  return podTemplate(input, {
    component: "backup",
    userId: 65532,
    fsGroup: 65532,
    graceSeconds: 30,
    restartPolicy: "Never",
    settings,
    volumes: [...ca.volumes, ...task.volumes],
    container: {
      image: input.release("backup").images.backup,
      args: [task.command],
      resources: resources(BACKUP_RESOURCES, settings?.resources),
      env: [literal("PROGRESS_PORT", PORTS.backup), ...task.env],
      ports: [{ name: "progress", containerPort: PORTS.backup, protocol: "TCP" }],
      volumeMounts: [...ca.volumeMounts, ...task.volumeMounts],
    },
  });
}

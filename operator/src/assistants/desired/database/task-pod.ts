import type { EnvVar, PodTemplate } from "../../../kube/objects.ts";
import type { Component } from "../components.ts";
import type { DesiredInput } from "../input.ts";
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

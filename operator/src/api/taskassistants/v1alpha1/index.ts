import type { KubeObject, Resource } from "../../../kube/index.ts";
import type { TaskAssistantSpec, TaskAssistantStatus } from "./types.gen.ts";

export { type ConditionType, REASONS, type ReasonEntry, type ReasonOf } from "./reasons.ts";
export type { TaskAssistantSpec, TaskAssistantStatus } from "./types.gen.ts";

/** The resource as the API server serves it: defaults filled in. */
export interface TaskAssistant extends KubeObject {
  readonly spec: TaskAssistantSpec;
  readonly status?: TaskAssistantStatus;
}

/** Where TaskAssistants live in the API. */
export const taskAssistantResource = {
  group: "taskassistant.dev",
  version: "v1alpha1",
  kind: "TaskAssistant",
  plural: "taskassistants",
  namespaced: true,
} as const satisfies Resource;

/** The three services that people run and scale. */
export const TIERS = ["frontend", "api", "mcp"] as const;
export type Tier = (typeof TIERS)[number];

/** Settings that the three services share. */
export type TierSpec = NonNullable<TaskAssistantSpec["frontend"]>;
export type ResourcesSpec = NonNullable<TierSpec["resources"]>;
/** What the resource says about the pods of one component. */
export type PodSettings = Pick<TierSpec, "resources" | "scheduling" | "podMetadata">;
export type SchedulingSpec = NonNullable<TierSpec["scheduling"]>;
export type EnvSpec = NonNullable<TierSpec["env"]>[number];

/** One finding in `status.conditions`. */
export type Condition = NonNullable<TaskAssistantStatus["conditions"]>[number];

/** Held while data is to be deleted with the resource. */
export const DATA_FINALIZER = "taskassistant.dev/data";

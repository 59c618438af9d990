import type { KubeObject, Resource } from "../../../kube/index.ts";
import type { TaskAssistantRestoreSpec, TaskAssistantRestoreStatus } from "./types.gen.ts";

export { RESTORE_REASONS, type RestoreConditionType, type RestoreReasonOf } from "./reasons.ts";
export type { TaskAssistantRestoreSpec, TaskAssistantRestoreStatus } from "./types.gen.ts";

/** One restore, as the API server serves it: defaults filled in. */
export interface TaskAssistantRestore extends KubeObject {
  readonly spec: TaskAssistantRestoreSpec;
  readonly status?: TaskAssistantRestoreStatus;
}

/** Where TaskAssistantRestores live in the API. */
export const taskAssistantRestoreResource = {
  group: "taskassistant.dev",
  version: "v1alpha1",
  kind: "TaskAssistantRestore",
  plural: "taskassistantrestores",
  namespaced: true,
} as const satisfies Resource;

export type RestoreStep = NonNullable<TaskAssistantRestoreStatus["step"]>;

/** Held while the services of the target are stopped, so that they start again before the resource is gone. */
export const RESTORE_FINALIZER = "taskassistant.dev/restore";

import type { TaskAssistant } from "../../api/taskassistants/v1alpha1/index.ts";
import type { Child, Job } from "../../kinds/index.ts";
import type { LiveObject } from "../../kube/index.ts";
import { databaseMode, type ExternalAddress } from "../desired/index.ts";
import type { PodSummary } from "./pods.ts";
import type { ReducedSecret } from "./secret-fingerprints.ts";

export interface LiveDeployment extends LiveObject {
  readonly spec?: { readonly replicas?: number; readonly [field: string]: unknown };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly readyReplicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly [field: string]: unknown;
  };
}

export interface LiveJob extends LiveObject {
  readonly status?: {
    readonly active?: number;
    readonly failed?: number;
    readonly conditions?: readonly {
      type: string;
      status: string;
      reason?: string;
      lastTransitionTime?: string;
      message?: string;
    }[];
    readonly [field: string]: unknown;
  };
}

export interface LiveVolume extends LiveObject {
  readonly spec?: {
    readonly storageClassName?: string;
    readonly resources?: { readonly requests?: { readonly storage?: string } };
    readonly [field: string]: unknown;
  };
  readonly status?: { readonly phase?: string; readonly [field: string]: unknown };
}

/** Whether what people use answers; a text says what went wrong. */
export interface ProbeResult {
  readonly frontend?: string;
  readonly mcp?: string;
}

/** Everything a plan is made from: the resource and the world around it at one moment. */
export interface Observed {
  readonly assistant: TaskAssistant;
  /** A child by kind and name, if it is labelled as ours; a ServiceAccount or volume claim in any case. */
  readonly child: (kind: Child["kind"], name: string) => LiveObject | undefined;
  /** All children that carry an owner reference to the resource. */
  readonly owned: readonly LiveObject[];
  readonly secret: (name: string) => ReducedSecret | undefined;
  readonly volume: LiveVolume | undefined;
  readonly pods: readonly PodSummary[];
  readonly external: ExternalAddress | undefined;
  readonly now: Date;
}

/** The Deployment of a component. */
export function liveDeployment(observed: Observed, name: string): LiveDeployment | undefined {
  return observed.child("Deployment", name);
}

/** The object that runs the database; undefined when it does not exist, or when somebody else runs the database. */
export function liveDatabase(observed: Observed): LiveObject | undefined {
  const { metadata, spec } = observed.assistant;
  const server = databaseMode(spec).server(metadata.name);
  return server === undefined ? undefined : observed.child(server.kind, server.name);
}

/** The Job of this very name. */
export function liveJob(observed: Observed, job: Job | undefined): LiveJob | undefined {
  return job === undefined ? undefined : observed.child("Job", job.metadata.name);
}

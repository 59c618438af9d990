import type { TaskAssistantSpec, Tier } from "../../api/taskassistants/v1alpha1/index.ts";
import type { Catalogue, Schema } from "../../releases/index.ts";
import type { UpgradeRecord } from "./record.ts";

/** How far the Deployment of a tier is. */
export interface TierState {
  /** The release that its pods are built from; undefined while the Deployment does not exist or does not say. */
  readonly version: string | undefined;
  /** Every pod has the newest template and is ready. */
  readonly isComplete: boolean;
}

/** The last answer of the services: when it was asked for, and whether it was as it should be. */
export interface ProbeAnswer {
  readonly at: Date;
  readonly isGood: boolean;
}

/** What is observed around an upgrade. */
export interface Observed {
  readonly tiers: { readonly [T in Tier]: TierState };
  /** Nothing is missing of what the spec names, and the database accepts connections. */
  readonly isPrepared: boolean;
  /** The state of the Job that migrates to a release. `since`: a failure before that time does not count. */
  readonly migration: (version: string, since: Date) => "pending" | "done" | "failed";
  /** The state of the backup of this name; `pending` before it exists. */
  readonly backup: (name: string) => "pending" | "done" | "failed";
  /** `disabled` where ready pods are enough. */
  readonly probe: ProbeAnswer | "disabled" | undefined;
}

/** Everything that decides the state of an upgrade. */
export interface UpgradeView {
  /** Name of the assistant. */
  readonly name: string;
  readonly spec: TaskAssistantSpec;
  readonly generation: number;
  /** The release that a person wants at once (annotation `taskassistant.dev/upgrade-now`). */
  readonly requested: string | undefined;
  readonly recorded: UpgradeRecord | undefined;
  /** The release that runs; undefined before the first one has run. */
  readonly running: string | undefined;
  /** The schema that the migrations of this assistant have made so far. */
  readonly schema: Schema;
  readonly catalogue: Catalogue;
  readonly observed: Observed;
  /** Name of the restore that is at work on the data. An upgrade waits for it wherever it is. */
  readonly restoring: string | undefined;
  readonly now: Date;
}

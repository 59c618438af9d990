import type { TaskAssistantSpec } from "../../../api/taskassistants/v1alpha1/index.ts";
import { type Component, seconds } from "../../desired/index.ts";
import type { UpgradeRecord } from "../record.ts";
import type { UpgradeView } from "../view.ts";

/** The record of an upgrade under way. */
export type Underway = UpgradeRecord & { readonly from: string; readonly to: string; readonly stepStartedAt: string };

/** One step of an upgrade. */
export interface Step {
  /** The parts that this step builds from the new release. They stay there in the later steps. */
  readonly moves: readonly Component[];
  /** Milliseconds after which the step has failed. */
  readonly limitMs: (spec: TaskAssistantSpec) => number;
  /** What the record keeps from the beginning of the step on. */
  readonly entered?: (view: UpgradeView, upgrade: Underway) => Underway;
  /** How far it is. */
  readonly state: (view: UpgradeView, upgrade: Underway) => "done" | "waiting" | "failed";
}

/** `upgrade.progressDeadline` in milliseconds. */
export function progressLimitMs({ upgrade }: TaskAssistantSpec): number {
  return seconds(upgrade.progressDeadline) * 1000;
}

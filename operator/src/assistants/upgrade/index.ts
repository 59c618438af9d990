/**
 * Upgrades: one pure function decides the state from what is recorded and observed, and each step is a file.
 */

export { changesSchema, type Hold, wishedVersion } from "./holds.ts";
export {
  currentStep,
  elapsedMs,
  isActive,
  STEPS,
  type StepName,
  type UpgradeRecord,
  worksOnPresentSchema,
} from "./record.ts";
export { foreseen, type UpgradeState, upgradeState } from "./state.ts";
export { MAX_TRIES } from "./tries.ts";
export type { Observed, ProbeAnswer, TierState, UpgradeView } from "./view.ts";
export { windowProblem } from "./window.ts";

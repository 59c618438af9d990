import { TIERS } from "../../api/taskassistants/v1alpha1/index.ts";
import { covers } from "../../releases/index.ts";
import { elapsedMs, timestamp, type UpgradeRecord } from "./record.ts";
import { progressLimitMs, type Underway } from "./steps/step.ts";
import { triesAfterFailure } from "./tries.ts";
import type { UpgradeView } from "./view.ts";

/** The record after a step failed. Counts the try once, also where the upgrade stays as it is. */
export function afterFailure(view: UpgradeView, upgrade: Underway, fallback: string): UpgradeRecord {
  if (upgrade.failedStep === upgrade.step) return upgrade;
  const failed: UpgradeRecord = {
    ...upgrade,
    ...triesAfterFailure(upgrade, upgrade.to, view.generation),
    failedStep: upgrade.step ?? "",
    reason: upgrade.reason ?? fallback,
  };
  return mayRollBack(view, upgrade) ? rollBack(view, failed) : failed;
}

/** The record of a way back that begins. */
export function rollBack({ now }: UpgradeView, record: UpgradeRecord): UpgradeRecord {
  return {
    ...record,
    step: "RollingBack",
    stepStartedAt: timestamp(now),
    rollbacks: (record.rollbacks ?? 0) + 1,
  };
}

/** The release before it must still work on the schema. */
function mayRollBack({ spec, catalogue, schema }: UpgradeView, { from }: Underway): boolean {
  const before = catalogue.releases[from];
  return spec.upgrade.rollbackOnFailure && before !== undefined && covers(before.schema, schema);
}

/** The record while every part goes back to the release before the upgrade. It may still succeed after its deadline. */
export function rollingBack(view: UpgradeView, record: UpgradeRecord): UpgradeRecord {
  const { spec, observed, now, running, restoring } = view;
  const isBack = TIERS.every((tier) => {
    const { version, isComplete } = observed.tiers[tier];
    return isComplete && (version === undefined || version === running);
  });
  if (isBack) return { ...record, step: "RolledBack", stepStartedAt: timestamp(now) };
  if (record.stepStartedAt === undefined) return { ...record, stepStartedAt: timestamp(now) };
  const elapsed = elapsedMs(record.stepStartedAt, now) ?? 0;
  const isLate = !spec.suspend && restoring === undefined && elapsed >= progressLimitMs(spec);
  return isLate && record.step === "RollingBack" ? { ...record, step: "Failed" } : record;
}

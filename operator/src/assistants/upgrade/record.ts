import type { TaskAssistantStatus } from "../../api/taskassistants/v1alpha1/index.ts";

/** What the status records of the last upgrade, or of the one in progress. */
export type UpgradeRecord = NonNullable<TaskAssistantStatus["upgrade"]>;

/** The steps of an upgrade, in order. */
export const STEPS = ["Preflight", "Backup", "Migrate", "MCP", "API", "Frontend", "Verify"] as const;
export type StepName = (typeof STEPS)[number];

/** The step that is in progress on the way forward. */
export function currentStep(record: UpgradeRecord | undefined): StepName | undefined {
  return STEPS.find((step) => step === record?.step);
}

/** Whether an upgrade, or the way back, is in progress. */
export function isActive(record: UpgradeRecord | undefined): boolean {
  return currentStep(record) !== undefined || record?.step === "RollingBack";
}

/** Whether every server is still, or again, of the release before the upgrade, whatever becomes of the migration. */
export function worksOnPresentSchema(record: UpgradeRecord | undefined): boolean {
  return record?.step === "Migrate" || record?.step === "RollingBack" || record?.step === "Failed";
}

/** A time as the API server writes it. */
export function timestamp(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}

/** Milliseconds since a recorded time; undefined without one. */
export function elapsedMs(since: string | undefined, now: Date): number | undefined {
  const at = Date.parse(since ?? "");
  return Number.isNaN(at) ? undefined : Math.max(0, now.getTime() - at);
}

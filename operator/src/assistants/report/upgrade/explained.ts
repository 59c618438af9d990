import { sentence } from "../../../words/quote.ts";
import type { ProbeOutcome } from "../../observe/probe-outcome.ts";
import type { Snapshot } from "../../observe/snapshot.ts";
import { currentStep, STEPS, type UpgradeRecord } from "../../upgrade/index.ts";
import { type StepTrouble, stepTrouble } from "./trouble.ts";

const MESSAGE_MAX_LENGTH = 2_000;

/**
 * The record of an upgrade with what its step waits for, or, once it has failed, with the cause. The cause is taken from the
 * snapshot in which the failure was found: soon afterwards its pods are gone.
 */
export function explained(snapshot: Snapshot, record: UpgradeRecord, probe: ProbeOutcome): UpgradeRecord {
  const step = currentStep(record);
  const hasFailed = record.failedStep !== undefined;
  if (step !== undefined && !hasFailed) return withTrouble(record, stepTrouble(snapshot, record, step, probe));
  if (record.message !== undefined || !hasFailed) return record;
  const failed = STEPS.find((each) => each === record.failedStep);
  const trouble = failed === undefined ? undefined : stepTrouble(snapshot, record, failed, probe);
  return withTrouble(record, trouble ?? { reason: record.reason ?? "StepFailed", message: fallback(record) });
}

function withTrouble(record: UpgradeRecord, trouble: StepTrouble | undefined): UpgradeRecord {
  const { reason: _reason, message: _message, ...rest } = record;
  if (trouble === undefined) return rest;
  return { ...rest, reason: trouble.reason, message: sentence(trouble.message).slice(0, MESSAGE_MAX_LENGTH) };
}

function fallback({ failedStep, reason }: UpgradeRecord): string {
  return reason === "DeadlineExceeded" ? `Step ${failedStep} missed its deadline.` : `Step ${failedStep} failed.`;
}

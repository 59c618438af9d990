import { readPlan, removeAnnotation, restoringMessage } from "../../../../words/advice.ts";
import { sentence } from "../../../../words/quote.ts";
import { publicUrl } from "../../../desired/index.ts";
import { activeRestore } from "../../../observe/restoring.ts";
import { PLAN, RECONCILE } from "../../../plan/freeze.ts";
import { cut, type Finding, finding } from "../finding.ts";
import { describeProblems } from "../problems.ts";
import { upgradeProgress } from "../upgradeable.ts";
import { planSummary } from "./plan-summary.ts";
import { firstOf, type Judgement, type Rule } from "./rule.ts";

interface ReadyJudgement extends Judgement {
  readonly stalled: Finding;
}

/** Whether people can use the assistant: the first rule that applies decides. */
const READY: readonly Rule<ReadyJudgement>[] = [
  blockedByUser,
  restoring,
  suspended,
  applyRefused,
  applyFailed,
  firstUnmet,
  stalled,
  probeFailed,
  upgrading,
  ready,
];

export function readyFinding(judgement: ReadyJudgement): Finding {
  return told(judgement, firstOf(READY, judgement));
}

/** Frozen children go on being judged. A pause is shown as the reason, because whoever looks must know first. */
function told({ facts: { plan, snapshot } }: ReadyJudgement, found: Finding): Finding {
  if (plan.frozen === undefined) return found;
  const { metadata } = snapshot.assistant;
  if (plan.frozen.by === "paused") {
    const message = `Paused: the operator changes nothing. ${sentence(found.message)} ${removeAnnotation(metadata, RECONCILE)}`;
    return { ...found, reason: "Paused", message: cut(message) };
  }
  const waits = `A plan waits: ${planSummary(plan.frozen)} ${sentence(found.message)} ${readPlan(metadata, PLAN)}`;
  return { ...found, message: cut(waits) };
}

function blockedByUser(judgement: ReadyJudgement): Finding | undefined {
  const unmet = unmetPart(judgement);
  return unmet?.needsUser === true ? notReady(unmet) : undefined;
}

function restoring({ facts }: ReadyJudgement): Finding | undefined {
  const restore = activeRestore(facts.snapshot);
  return restore === undefined ? undefined : finding("Ready", "Restoring", restoringMessage(restore.metadata));
}

function suspended({ facts }: ReadyJudgement): Finding | undefined {
  if (!facts.snapshot.assistant.spec.suspend) return undefined;
  return finding("Ready", "Suspended", "Stopped because spec.suspend is true.");
}

function applyRefused(judgement: ReadyJudgement): Finding | undefined {
  return judgement.stalled.reason === "ApplyRefused" ? notReady(judgement.stalled) : undefined;
}

/** While everything works, a write that failed is no news for the people who use it. */
function applyFailed(judgement: ReadyJudgement): Finding | undefined {
  const { snapshot, problems } = judgement.facts;
  const failed = describeProblems(snapshot.key, problems, "failed");
  if (failed === undefined || unmetPart(judgement) === undefined) return undefined;
  return finding("Ready", "ApplyFailed", failed);
}

function firstUnmet(judgement: ReadyJudgement): Finding | undefined {
  const unmet = unmetPart(judgement);
  return unmet && notReady(unmet);
}

/** People work with a volume that can't grow, and with the release that can't be upgraded. */
const WORKS_NEVERTHELESS = ["VolumeNotExpandable", "NotUpgradeable"];

function stalled(judgement: ReadyJudgement): Finding | undefined {
  if (WORKS_NEVERTHELESS.includes(judgement.stalled.reason)) return undefined;
  return judgement.stalled.status === "True" ? notReady(judgement.stalled) : undefined;
}

function probeFailed({ probe }: ReadyJudgement): Finding | undefined {
  if (probe === undefined || probe === "disabled" || probe.frontend === undefined) return undefined;
  return finding("Ready", "ProbeFailed", probe.frontend);
}

function upgrading({ facts }: ReadyJudgement): Finding | undefined {
  const progress = upgradeProgress(facts);
  if (progress === undefined) return undefined;
  return finding("Ready", facts.plan.upgrade?.record?.step === "RollingBack" ? "RollingBack" : "Upgrading", progress);
}

function ready({ facts }: ReadyJudgement): Finding {
  return finding("Ready", "Ready", `Open ${publicUrl(facts.snapshot.assistant.spec)}`);
}

function unmetPart({ parts }: ReadyJudgement): Finding | undefined {
  return parts.find(({ status }) => status !== "True");
}

/** Ready repeats the reason and message of the condition that prevents it. */
function notReady({ reason, message, passing, warning }: Finding): Finding {
  return { type: "Ready", status: "False", reason, message, needsUser: false, passing, warning };
}

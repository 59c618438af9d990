import { SERVERS } from "../../../desired/index.ts";
import { type Finding, finding } from "../finding.ts";
import { describeProblems } from "../problems.ts";
import { planSummary } from "./plan-summary.ts";
import { firstOf, type Judgement, type Rule } from "./rule.ts";

interface ReconcilingJudgement extends Judgement {
  readonly ready: Finding;
  readonly stalled: Finding;
}

/** Whether the operator or Kubernetes is still working: the first rule that applies decides. */
const RECONCILING: readonly Rule<ReconcilingJudgement>[] = [
  heldBack,
  settledUntilUserActs,
  applyFailed,
  notReadyYet,
  upgrading,
  rollingOut,
  settled,
];

export function reconcilingFinding(judgement: ReconcilingJudgement): Finding {
  return firstOf(RECONCILING, judgement);
}

/** The cluster does not match the spec, and will not until a person lets it. */
function heldBack({ facts: { plan } }: ReconcilingJudgement): Finding | undefined {
  if (plan.frozen === undefined || plan.frozen.changes.length === 0) return undefined;
  const reason = plan.frozen.by === "paused" ? "Paused" : "PlanWaits";
  return finding("Reconciling", reason, `Held back: ${planSummary(plan.frozen)}`);
}

function settledUntilUserActs({ stalled }: ReconcilingJudgement): Finding | undefined {
  return stalled.status === "True" ? settled() : undefined;
}

function applyFailed({ facts }: ReconcilingJudgement): Finding | undefined {
  const failed = describeProblems(facts.snapshot.key, facts.problems, "failed");
  return failed === undefined ? undefined : finding("Reconciling", "ApplyFailed", failed);
}

function notReadyYet({ ready }: ReconcilingJudgement): Finding | undefined {
  if (ready.status === "True" || ready.reason === "Suspended") return undefined;
  return finding("Reconciling", "Progressing", ready.message);
}

function upgrading({ facts, upgradeable }: ReconcilingJudgement): Finding | undefined {
  const isRetried = facts.plan.upgrade?.hold?.kind === "retry";
  const isUnderway = facts.plan.upgrade?.isActive === true;
  return isRetried || isUnderway ? finding("Reconciling", "Progressing", upgradeable.message) : undefined;
}

function rollingOut({ facts }: ReconcilingJudgement): Finding | undefined {
  const [rollout] = SERVERS.flatMap((server) => facts.servers[server].rollout ?? []);
  return rollout === undefined ? undefined : finding("Reconciling", "Progressing", rollout);
}

function settled(): Finding {
  return finding("Reconciling", "Settled", "Nothing is in progress.");
}

import { publicUrl } from "../../desired/index.ts";
import { type Finding, finding } from "./finding.ts";
import { firstOf, type Judgement, type Rule } from "./rule.ts";

interface ReadyJudgement extends Judgement {
  readonly stalled: Finding;
}

/** Whether people can use the assistant: the first rule that applies decides. */
const READY: readonly Rule<ReadyJudgement>[] = [
  blockedByUser,
  suspended,
  applyRefused,
  firstUnmet,
  stalled,
  probeFailed,
  ready,
];

export function readyFinding(judgement: ReadyJudgement): Finding {
  return firstOf(READY, judgement);
}

function blockedByUser(judgement: ReadyJudgement): Finding | undefined {
  const unmet = unmetPart(judgement);
  return unmet?.needsUser === true ? notReady(unmet) : undefined;
}

function suspended({ facts }: ReadyJudgement): Finding | undefined {
  if (!facts.snapshot.assistant.spec.suspend) return undefined;
  return finding("Ready", "Suspended", "Stopped because spec.suspend is true.");
}

function applyRefused(judgement: ReadyJudgement): Finding | undefined {
  return judgement.stalled.reason === "ApplyRefused" ? notReady(judgement.stalled) : undefined;
}

function firstUnmet(judgement: ReadyJudgement): Finding | undefined {
  const unmet = unmetPart(judgement);
  return unmet && notReady(unmet);
}

function stalled(judgement: ReadyJudgement): Finding | undefined {
  return judgement.stalled.status === "True" ? notReady(judgement.stalled) : undefined;
}

function probeFailed({ probe }: ReadyJudgement): Finding | undefined {
  if (probe === undefined || probe === "disabled" || probe.frontend === undefined) return undefined;
  return finding("Ready", "ProbeFailed", probe.frontend);
}

function ready({ facts }: ReadyJudgement): Finding {
  return finding("Ready", "Ready", `Open ${publicUrl(facts.snapshot.assistant.spec)}`);
}

function unmetPart({ parts }: ReadyJudgement): Finding | undefined {
  return parts.find(({ status }) => status !== "True");
}

/** Ready repeats the reason and message of the condition that prevents it. */
function notReady({ reason, message, warning }: Finding): Finding {
  return { type: "Ready", status: "False", reason, message, needsUser: false, warning };
}

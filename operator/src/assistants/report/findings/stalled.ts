import type { Contest } from "../../apply/problem.ts";
import { type Finding, finding } from "./finding.ts";
import { firstOf, type Judgement, type Rule } from "./rule.ts";

/** Whether the resource makes no progress without a person: the first rule that applies decides. */
const STALLED: readonly Rule[] = [applyRefused, contested, userActionNeeded, notStalled];

export function stalledFinding(judgement: Judgement): Finding {
  return firstOf(STALLED, judgement);
}

function applyRefused({ facts }: Judgement): Finding | undefined {
  const refused = facts.problems.filter((problem) => problem.kind === "refused");
  if (refused.length === 0) return undefined;
  return finding("Stalled", "ApplyRefused", refused.map(({ message }) => message).join("; "));
}

function contested({ facts }: Judgement): Finding | undefined {
  const contests = facts.problems.filter((problem) => problem.kind === "contested");
  if (contests.length === 0) return undefined;
  return finding("Stalled", "FieldConflict", contests.map(({ contest }) => describe(contest)).join(" "));
}

function describe({ manager, fields, object }: Contest): string {
  return `"${manager}" keeps changing ${fields.join(", ")} of ${object}, which the operator sets. Stop it, or set the field in the TaskAssistant instead. The operator leaves the object alone for five minutes.`;
}

function userActionNeeded({ parts }: Judgement): Finding | undefined {
  const found = parts.find(({ needsUser, status }) => needsUser && status !== "True");
  return found && finding("Stalled", "UserActionNeeded", `${found.type}: ${found.message}`);
}

function notStalled(): Finding {
  return finding("Stalled", "NotStalled", "Nothing blocks progress.");
}

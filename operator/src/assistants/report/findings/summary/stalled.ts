import { keepSizeOrAllowGrowth } from "../../../../words/advice.ts";
import { sentence } from "../../../../words/quote.ts";
import type { Contest } from "../../../apply/problem.ts";
import { type Finding, finding } from "../finding.ts";
import { describeProblems } from "../problems.ts";
import { firstOf, type Judgement, type Rule } from "./rule.ts";

/** Whether the resource makes no progress without a person: the first rule that applies decides. */
const STALLED: readonly Rule[] = [
  applyRefused,
  contested,
  volumeNotGrown,
  userActionNeeded,
  notUpgradeable,
  notStalled,
];

export function stalledFinding(judgement: Judgement): Finding {
  return firstOf(STALLED, judgement);
}

function applyRefused({ facts }: Judgement): Finding | undefined {
  const refused = describeProblems(facts.snapshot.key, facts.problems, "refused");
  return refused === undefined ? undefined : finding("Stalled", "ApplyRefused", refused);
}

function contested({ facts }: Judgement): Finding | undefined {
  const contests = facts.problems.filter((problem) => problem.kind === "contested");
  if (contests.length === 0) return undefined;
  return finding("Stalled", "FieldConflict", contests.map(({ contest }) => describe(contest)).join(" "));
}

function describe({ manager, fields, object }: Contest): string {
  return `"${manager}" keeps changing ${fields.join(", ")} of ${object}, which the operator sets. Stop it, or set the field in the TaskAssistant instead. The operator leaves the object alone for five minutes.`;
}

function volumeNotGrown({ facts }: Judgement): Finding | undefined {
  const found = facts.problems.find((problem) => problem.kind === "notGrown");
  if (found === undefined) return undefined;
  const { claim, size, wanted, storageClass, message } = found;
  const named =
    storageClass === undefined
      ? "it has no storage class that lets it"
      : `storage class ${storageClass} does not let it`;
  const problem = sentence(`Volume claim ${claim} stays at ${size}, because ${named} grow to ${wanted}: ${message}`);
  const next = keepSizeOrAllowGrowth(facts.snapshot.assistant.metadata, size, storageClass ?? "NAME");
  return finding("Stalled", "VolumeNotExpandable", `${problem} ${next}`);
}

function userActionNeeded({ parts }: Judgement): Finding | undefined {
  const found = parts.find(({ needsUser, status }) => needsUser && status !== "True");
  return found && finding("Stalled", "UserActionNeeded", `${found.type}: ${found.message}`);
}

function notUpgradeable({ upgradeable }: Judgement): Finding | undefined {
  return upgradeable.needsUser ? finding("Stalled", "NotUpgradeable", upgradeable.message) : undefined;
}

function notStalled(): Finding {
  return finding("Stalled", "NotStalled", "Nothing blocks progress.");
}

import type { Condition, ReasonEntry } from "../api/taskassistants/v1alpha1/index.ts";
import type { KubeObject } from "../kube/index.ts";
import type { EventRecorder } from "../runtime/index.ts";
import { repairRefusal } from "../words/advice.ts";
import { clipped, sentence } from "../words/quote.ts";
import { oneShotConditions } from "./conditions.ts";

interface OneShotStatus {
  readonly conditions?: readonly Condition[];
}

/** A resource that is carried out once. */
type OneShot = KubeObject & { readonly status?: OneShotStatus };

/** What the kinds of such resources differ in when they tell how they do. */
export interface OneShotKind {
  /** The reasons of its condition Complete. */
  readonly reasons: Readonly<Record<string, ReasonEntry>> & { readonly ApplyRefused: ReasonEntry };
  /** What the operator does, in Events. */
  readonly action: string;
}

/** The status while the API server refuses what the resource needs, in its own words: `Kind name: why`. */
export function refusedStatus<S extends OneShotStatus>(
  { metadata, status: before }: OneShot,
  status: S,
  words: string,
  { reasons }: OneShotKind,
  now: Date,
) {
  const next = repairRefusal(metadata.namespace ?? "", words.split(":")[0] ?? "", words);
  const message = `${sentence(`The API server refuses an object: ${clipped(words)}`)} ${next}`;
  const outcome = { reason: "ApplyRefused", message, ended: false };
  const { generation = 0 } = metadata;
  const conditions = oneShotConditions(outcome, reasons.ApplyRefused, before?.conditions, generation, now);
  return { ...status, conditions };
}

/** An Event whenever the reason of Complete becomes another one. */
export function tellChange(
  events: Pick<EventRecorder, "record">,
  resource: OneShot,
  status: OneShotStatus,
  { reasons, action }: OneShotKind,
): void {
  const complete = completeOf(status);
  if (complete === undefined || complete.reason === completeOf(resource.status)?.reason) return;
  const { reason, message: note } = complete;
  const entry = reasons[reason];
  const type = entry?.warning === true || entry?.needsUser === true ? "Warning" : "Normal";
  events.record({ regarding: resource, type, reason, action, note });
}

function completeOf(status: OneShotStatus | undefined): Condition | undefined {
  return status?.conditions?.find(({ type }) => type === "Complete");
}

import { conditions } from "../../api/taskassistants/v1alpha1/conditions.ts";
import type { TaskAssistant, TaskAssistantStatus } from "../../api/taskassistants/v1alpha1/index.ts";
import { identified } from "../../kube/index.ts";
import { deleteUnwatched } from "../../words/advice.ts";
import { finding } from "./findings/finding.ts";

/** The status of a resource whose namespace leaves `watchNamespaces`: what is known stays, but nobody keeps it true. */
export function notWatchedStatus(assistant: TaskAssistant, hasFinalizer: boolean, now: Date): TaskAssistantStatus {
  const { metadata, status } = identified(assistant);
  const message = `No operator watches namespace ${metadata.namespace} any more. Next: name it in the chart's watchNamespaces again. ${deleteUnwatched(metadata, hasFinalizer)}`;
  const findings = [
    finding("Ready", "NotWatched", message),
    finding("Reconciling", "Settled", "Nothing is in progress, because no operator watches the namespace."),
    finding("Stalled", "NotWatched", message),
  ];
  const kept = (status?.conditions ?? []).filter(({ type }) => !findings.some((found) => found.type === type));
  const observedGeneration = Math.max(0, status?.observedGeneration ?? 0);
  return {
    ...status,
    observedGeneration,
    conditions: [...conditions(findings, status?.conditions, observedGeneration, now), ...kept],
  };
}

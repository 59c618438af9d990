import type { TaskAssistant } from "../../api/taskassistants/v1alpha1/index.ts";

/** `status.observedGeneration` of a resource on which no operator has reported: the definition's default. */
const NEVER = -1;

/** The resource without the findings of the definition's default, which are nobody's. What an operator stored stays. */
export function withoutDefaultStatus(assistant: TaskAssistant): TaskAssistant {
  if (assistant.status?.observedGeneration !== NEVER) return assistant;
  const { status, ...resource } = assistant;
  const { observedGeneration: _never, conditions: _pending, ...stored } = status;
  return Object.keys(stored).length === 0 ? resource : { ...resource, status: stored };
}

import type { KubeObject } from "../../kube/index.ts";

/** `status.observedGeneration` of a resource on which no operator has reported: the definition's default. */
const NEVER = -1;

interface WithStatus extends KubeObject {
  readonly status?: {
    readonly observedGeneration?: number;
    readonly conditions?: readonly unknown[];
    readonly phase?: string;
  };
}

/** The resource without the findings of the definition's default, which are nobody's. What an operator stored stays. */
export function withoutDefaultStatus<T extends WithStatus>(resource: T): T {
  if (resource.status?.observedGeneration !== NEVER) return resource;
  const { status, ...others } = resource;
  const { observedGeneration: _never, conditions: _pending, phase: _phase, ...stored } = status;
  return (Object.keys(stored).length === 0 ? others : { ...others, status: stored }) as T;
}

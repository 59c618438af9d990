import type { PodSummary } from "../../../../pods/index.ts";
import { type Component, componentOf } from "../../../desired/index.ts";
import type { Snapshot } from "../../../observe/snapshot.ts";

/** The pods of a component. */
export function podsOf({ pods }: Snapshot, component: Component): PodSummary[] {
  return pods.filter((pod) => componentOf(pod) === component);
}

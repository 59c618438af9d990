import { isConflict, isNotFound, refOf } from "../../kube/index.ts";
import type { Relabelling } from "../plan/relabelling.ts";
import type { ApplyDeps } from "./apply-child.ts";
import { resourceOf } from "./resource-of.ts";

/** Changes the labels of an object, in the version that was seen. */
export async function relabel(
  { client, signal }: Pick<ApplyDeps, "client" | "signal">,
  { object, labels }: Relabelling,
): Promise<void> {
  const { uid, resourceVersion } = object.metadata;
  const metadata = {
    labels,
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
  try {
    await client.mergePatch(resourceOf(object.kind), refOf(object), { metadata }, { signal });
  } catch (error) {
    // It has changed since, or is gone. The next reconcile decides again.
    if (!isConflict(error) && !isNotFound(error)) throw error;
  }
}

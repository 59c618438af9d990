import { isConflict, type KubeClient, type KubeObject, refOf } from "../../kube/index.ts";
import { type ApplyProblem, attempted } from "./problem.ts";
import { resourceOf } from "./resource-of.ts";

export interface RemoveDeps {
  readonly client: KubeClient;
  readonly signal: AbortSignal;
}

/**
 * Deletes objects, each only in the version that was seen. Returns what could not be deleted and why; rejects only when
 * `whole`, the signal of the reconcile, aborted.
 */
export async function removeAll(
  deps: RemoveDeps,
  whole: AbortSignal,
  objects: readonly KubeObject[],
): Promise<ApplyProblem[]> {
  const problems: ApplyProblem[] = [];
  for (const object of objects) {
    const what = `${object.kind} ${object.metadata.name}`;
    problems.push(...(await attempted(what, whole, () => remove(deps, object))));
  }
  return problems;
}

async function remove({ client, signal }: RemoveDeps, object: KubeObject): Promise<void> {
  const { uid, resourceVersion } = object.metadata;
  try {
    await client.delete(resourceOf(object.kind), refOf(object), {
      signal,
      preconditions: {
        ...(uid === undefined ? {} : { uid }),
        ...(resourceVersion === undefined ? {} : { resourceVersion }),
      },
      propagationPolicy: "Background",
    });
  } catch (error) {
    // It has changed since, so the next reconcile decides again.
    if (!isConflict(error)) throw error;
  }
}

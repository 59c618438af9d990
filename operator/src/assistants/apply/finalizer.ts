import { DATA_FINALIZER, taskAssistantResource } from "../../api/taskassistants/v1alpha1/index.ts";
import { childKind } from "../../kinds/index.ts";
import { isNotFound, type KubeClient, type KubeObject, refOf } from "../../kube/index.ts";
import { assistantOf, MANAGED_BY } from "../desired/index.ts";
import { liveDatabase, type Snapshot } from "../observe/snapshot.ts";
import { removeAll } from "./remove.ts";

/** After this time the finalizer is removed even if something is left. The deletes were sent, and a resource must not hang. */
const DELETE_LIMIT_MS = 120_000;

export interface FinalizerDeps {
  readonly client: KubeClient;
  readonly signal: AbortSignal;
}

/** Adds the finalizer if data is to be deleted with the resource, and removes it otherwise. Returns whether it changed. */
export async function ensureFinalizer(deps: FinalizerDeps, { assistant }: Snapshot): Promise<boolean> {
  const wanted = assistant.spec.deletion.policy === "Delete";
  const finalizers = assistant.metadata.finalizers ?? [];
  if (finalizers.includes(DATA_FINALIZER) === wanted) return false;
  await writeFinalizers(deps, assistant, wanted ? [...finalizers, DATA_FINALIZER] : without(finalizers));
  return true;
}

/**
 * Deletes the data and the credentials, which would outlive the resource. Kubernetes deletes the rest with its owner.
 * Returns what still exists. When nothing does, or the time is up, it removes the finalizer, and with it the resource.
 */
export async function finalize(deps: FinalizerDeps, snapshot: Snapshot): Promise<readonly string[]> {
  const { assistant, now } = snapshot;
  const finalizers = assistant.metadata.finalizers ?? [];
  if (!finalizers.includes(DATA_FINALIZER)) return [];
  const left = assistant.spec.deletion.policy === "Delete" ? leftovers(snapshot) : [];
  const fresh = left.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  await removeAll(deps, fresh);
  const since = Date.parse(assistant.metadata.deletionTimestamp ?? "");
  const expired = now.getTime() - since > DELETE_LIMIT_MS;
  if (left.length > 0 && !expired) return left.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  await writeFinalizers(deps, assistant, without(finalizers));
  return [];
}

function leftovers(snapshot: Snapshot): KubeObject[] {
  const { children, secrets } = snapshot;
  const kept = [...children.values(), ...secrets.values()].filter((object) => outlives(snapshot, object));
  // The server comes first, because a claim in use is only marked for deletion until its pod is gone.
  const server = liveDatabase(snapshot);
  return [...(server === undefined ? [] : [server]), ...kept].filter(
    ({ metadata }) => metadata.labels?.["app.kubernetes.io/managed-by"] === MANAGED_BY,
  );
}

/** Whether an object holds data or credentials of the assistant and is not deleted with it as its owner. */
function outlives({ assistant }: Snapshot, { kind, metadata }: KubeObject): boolean {
  const { name, uid } = assistant.metadata;
  const isOwned = metadata.ownerReferences?.some((owner) => owner.uid === uid) ?? false;
  return childKind(kind)?.holds !== "nothing" && assistantOf(metadata.name) === name && !isOwned;
}

async function writeFinalizers(
  deps: FinalizerDeps,
  assistant: KubeObject,
  finalizers: readonly string[],
): Promise<void> {
  const { resourceVersion } = assistant.metadata;
  try {
    await deps.client.mergePatch(
      taskAssistantResource,
      refOf(assistant),
      { metadata: { finalizers, ...(resourceVersion === undefined ? {} : { resourceVersion }) } },
      { signal: deps.signal },
    );
  } catch (error) {
    // The resource is gone already; the watch has not reported it yet.
    if (!isNotFound(error)) throw error;
  }
}

function without(finalizers: readonly string[]): string[] {
  return finalizers.filter((each) => each !== DATA_FINALIZER);
}

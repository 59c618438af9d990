import { DATA_FINALIZER, taskAssistantResource } from "../../api/taskassistants/v1alpha1/index.ts";
import { isNotFound, type KubeClient, type KubeObject, refOf } from "../../kube/index.ts";
import { MANAGED_BY, namesOf } from "../desired/index.ts";
import { childId, type Snapshot } from "../observe/snapshot.ts";
import { removeAll } from "./remove.ts";

/** After this time the finalizer is removed even if something is left: the deletes were sent, and a resource must not hang. */
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
 * Deletes what would outlive the resource: the volume and the credentials. Kubernetes deletes the rest with its owner.
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

function leftovers({ assistant, children, volume, secrets }: Snapshot): KubeObject[] {
  const names = namesOf(assistant.metadata.name);
  const ours = (object: KubeObject | undefined): KubeObject[] =>
    object?.metadata.labels?.["app.kubernetes.io/managed-by"] === MANAGED_BY ? [object] : [];
  // The database comes first: a claim in use is only marked, and deleted with the pod.
  return [
    ...ours(children.get(childId("StatefulSet", names.component("db")))),
    ...ours(volume),
    ...ours(secrets.get(names.databaseSecret)),
    ...ours(secrets.get(names.authSecret)),
  ];
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

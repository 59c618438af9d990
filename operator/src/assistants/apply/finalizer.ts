import { DATA_FINALIZER, taskAssistantResource } from "../../api/taskassistants/v1alpha1/index.ts";
import { isNotFound, type KubeClient, type KubeObject, refOf } from "../../kube/index.ts";
import { MANAGED_BY, namesOf } from "../desired/index.ts";
import type { Observed } from "../observe/snapshot.ts";
import { removeAll } from "./apply.ts";

/** After so long the finalizer goes, whatever is left: the deletes were sent, and a resource must not hang for ever. */
const DELETE_LIMIT_MS = 120_000;

export interface FinalizerDeps {
  readonly client: KubeClient;
  readonly signal: AbortSignal;
}

/** Puts the finalizer where data is to be deleted with the resource, and takes it away where not. True = changed. */
export async function ensureFinalizer(deps: FinalizerDeps, { assistant }: Observed): Promise<boolean> {
  const wanted = assistant.spec.deletion.policy === "Delete";
  const finalizers = assistant.metadata.finalizers ?? [];
  if (finalizers.includes(DATA_FINALIZER) === wanted) return false;
  await writeFinalizers(deps, assistant, wanted ? [...finalizers, DATA_FINALIZER] : without(finalizers));
  return true;
}

/**
 * Deletes what outlives the resource otherwise: the volume and the credentials. The rest goes with its owner. Returns
 * what is still there; when nothing is, or time is up, the finalizer is gone and the resource with it.
 */
export async function finalize(deps: FinalizerDeps, observed: Observed): Promise<readonly string[]> {
  const { assistant, now } = observed;
  const finalizers = assistant.metadata.finalizers ?? [];
  if (!finalizers.includes(DATA_FINALIZER)) return [];
  const left = assistant.spec.deletion.policy === "Delete" ? leftovers(observed) : [];
  const fresh = left.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  await removeAll(deps, fresh);
  const since = Date.parse(assistant.metadata.deletionTimestamp ?? "");
  const expired = now.getTime() - since > DELETE_LIMIT_MS;
  if (left.length > 0 && !expired) return left.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  await writeFinalizers(deps, assistant, without(finalizers));
  return [];
}

function leftovers({ assistant, child, volume, secret }: Observed): KubeObject[] {
  const names = namesOf(assistant.metadata.name);
  const ours = (object: KubeObject | undefined): KubeObject[] =>
    object?.metadata.labels?.["app.kubernetes.io/managed-by"] === MANAGED_BY ? [object] : [];
  // The database first: a claim in use is only marked, and goes with the pod.
  return [
    ...ours(child("StatefulSet", names.component("db"))),
    ...ours(volume),
    ...ours(secret(names.databaseSecret)),
    ...ours(secret(names.authSecret)),
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
    // The resource is gone already, which is all that could be wished for; the watch has not told yet.
    if (!isNotFound(error)) throw error;
  }
}

function without(finalizers: readonly string[]): string[] {
  return finalizers.filter((each) => each !== DATA_FINALIZER);
}

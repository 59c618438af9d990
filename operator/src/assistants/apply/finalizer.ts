import { DATA_FINALIZER, taskAssistantResource } from "../../api/taskassistants/v1alpha1/index.ts";
import { childKind } from "../../kinds/index.ts";
import { isConflict, isNotFound, type KubeClient, type KubeObject, linkedAbort, refOf } from "../../kube/index.ts";
import { assistantOf, MANAGED_BY } from "../desired/index.ts";
import { liveDatabase, type Snapshot } from "../observe/snapshot.ts";
import { createFinalBackup, type FinalBackup, finalBackup } from "./final-backup.ts";
import { type ApplyProblem, attempted, type Deletion } from "./problem.ts";
import { removeAll } from "./remove.ts";

/** After this time the finalizer is removed even if something is left. The deletes were sent, and a resource must not hang. */
const DELETE_LIMIT_MS = 120_000;
/** Milliseconds for the deletes of one reconcile. What is left of its deadline is for the finalizer and the report. */
const LIMIT_MS = 40_000;

export interface FinalizerDeps {
  readonly client: KubeClient;
  readonly signal: AbortSignal;
}

/** What became of the finalizer. */
export interface FinalizerOutcome {
  /** Whether the resource was changed: it comes back through the watch. */
  readonly changed: boolean;
  readonly problems: readonly ApplyProblem[];
}

/** Adds the finalizer if data is to be deleted with the resource, and removes it otherwise. */
export async function ensureFinalizer(deps: FinalizerDeps, { assistant }: Snapshot): Promise<FinalizerOutcome> {
  const wanted = assistant.spec.deletion.policy !== "Retain";
  const finalizers = assistant.metadata.finalizers ?? [];
  if (finalizers.includes(DATA_FINALIZER) === wanted) return { changed: false, problems: [] };
  return write(deps, assistant, wanted ? [...finalizers, DATA_FINALIZER] : without(finalizers));
}

/**
 * Deletes the data and the credentials, which would outlive the resource, after a backup if the policy asks for one. Kubernetes
 * deletes the rest with its owner. When nothing is left, or the time is up, it removes the finalizer, and with it the resource.
 */
export async function finalize(deps: FinalizerDeps, snapshot: Snapshot): Promise<Deletion> {
  const { assistant } = snapshot;
  if (!(assistant.metadata.finalizers ?? []).includes(DATA_FINALIZER)) return { left: [], problems: [] };
  switch (assistant.spec.deletion.policy) {
    case "Retain":
      return removeData(deps, snapshot, [], undefined);
    case "Delete":
      return removeData(deps, snapshot, leftovers(snapshot), undefined);
    case "BackupThenDelete":
      return afterBackup(deps, snapshot, finalBackup(snapshot));
  }
}

async function afterBackup(deps: FinalizerDeps, snapshot: Snapshot, backup: FinalBackup): Promise<Deletion> {
  switch (backup.kind) {
    case "stored":
      return removeData(deps, snapshot, leftovers(snapshot), backup.at);
    case "impossible":
      return { ...(await removeData(deps, snapshot, [], undefined)), retained: backup.why };
    case "wanted":
    case "waiting": {
      const { name, until } = backup;
      const create = () => createFinalBackup(deps, snapshot, name);
      const problems =
        backup.kind === "wanted" ? await attempted(`TaskAssistantBackup ${name}`, deps.signal, create) : [];
      return { left: [], problems, backup: { name, until } };
    }
  }
}

/** Deletes what is left, and lets the resource go. `begun`: when that began; default when its deletion did. */
async function removeData(
  deps: FinalizerDeps,
  { assistant, now }: Snapshot,
  left: readonly KubeObject[],
  begun: Date | undefined,
): Promise<Deletion> {
  const finalizers = assistant.metadata.finalizers ?? [];
  const fresh = left.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const limit = linkedAbort(deps.signal, LIMIT_MS);
  const problems = await removeAll({ ...deps, signal: limit.signal }, deps.signal, fresh);
  limit.release();
  const since = begun?.getTime() ?? Date.parse(assistant.metadata.deletionTimestamp ?? "");
  const expired = now.getTime() - since > DELETE_LIMIT_MS;
  const names = left.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  if (left.length > 0 && !expired) return { left: names, problems };
  const released = await write(deps, assistant, without(finalizers));
  return { left: released.problems.length > 0 ? names : [], problems: released.problems };
}

/**
 * Removes the finalizer of a resource whose namespace is being deleted. The data goes with the namespace, and soon so does the
 * Role that allows the operator to remove it.
 */
export async function release(deps: FinalizerDeps, { assistant }: Snapshot): Promise<readonly ApplyProblem[]> {
  const finalizers = assistant.metadata.finalizers ?? [];
  if (!finalizers.includes(DATA_FINALIZER)) return [];
  return (await write(deps, assistant, without(finalizers))).problems;
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

async function write(
  { client, signal }: FinalizerDeps,
  assistant: KubeObject,
  finalizers: readonly string[],
): Promise<FinalizerOutcome> {
  const { resourceVersion } = assistant.metadata;
  const patch = { metadata: { finalizers, ...(resourceVersion === undefined ? {} : { resourceVersion }) } };
  const problems = await attempted(`TaskAssistant ${assistant.metadata.name}`, signal, async () => {
    try {
      await client.mergePatch(taskAssistantResource, refOf(assistant), patch, { signal });
    } catch (error) {
      // The resource is gone already, or has changed since; the watch has not reported it yet.
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  });
  return { changed: problems.length === 0, problems };
}

function without(finalizers: readonly string[]): string[] {
  return finalizers.filter((each) => each !== DATA_FINALIZER);
}

import { CHILD_KINDS, type Child, childKind, difference, withDesiredHash } from "../../kinds/index.ts";
import {
  ApiError,
  type FieldConflict,
  isConflict,
  type KubeClient,
  type LiveObject,
  type Resource,
  refOf,
} from "../../kube/index.ts";
import type { Log } from "../../runtime/index.ts";
import { MANAGED_BY } from "../desired/index.ts";
import type { Observed } from "../observe/snapshot.ts";
import type { PlannedApply } from "../plan/plan.ts";
import { type ConflictLog, describeConflict } from "./conflicts.ts";

/** Passes replica counts on, so that giving up the field does not reset it. */
export const HANDOVER_MANAGER = "taskassistant-handover";

/** Why an object could not be brought to its desired state; the others are. */
export type ApplyProblem = {
  readonly kind: "refused" | "nameConflict" | "fieldConflict";
  readonly message: string;
  readonly error?: ApiError;
};

export interface ApplierDeps {
  readonly client: KubeClient;
  readonly signal: AbortSignal;
  readonly conflicts: ConflictLog;
  readonly log: Pick<Log, "debug" | "info">;
}

/** Brings objects to their desired state, in order; skips what already is. Returns what stands in the way. */
export async function applyAll(
  deps: ApplierDeps,
  observed: Observed,
  planned: readonly PlannedApply[],
): Promise<ApplyProblem[]> {
  const problems: ApplyProblem[] = [];
  const pending = planned
    .map(({ child, handover }) => ({
      sent: withDesiredHash(child),
      live: observed.child(child.kind, child.metadata.name),
      handover,
    }))
    .filter(({ sent, live }) => mustApply(deps.log, sent, live));
  // Each object stands for itself: a few at a time, and a refusal of one does not keep the others back.
  for (let start = 0; start < pending.length; start += PARALLEL) {
    const batch = pending.slice(start, start + PARALLEL);
    const results = await Promise.all(batch.map(({ sent, live, handover }) => applyOne(deps, sent, live, handover)));
    problems.push(...results.filter((problem) => problem !== undefined));
  }
  return problems;
}

const PARALLEL = 8;

/** Logs the field that makes an apply necessary, so that a reader can learn why an object is applied again and again. */
function mustApply(log: ApplierDeps["log"], sent: Child, live: LiveObject | undefined): boolean {
  if (live === undefined) return true;
  const path = difference(sent, live);
  if (path === undefined) return false;
  log.debug({ path }, `${sent.kind} ${sent.metadata.name} differs at ${path}`);
  return true;
}

async function applyOne(
  deps: ApplierDeps,
  sent: Child,
  live: LiveObject | undefined,
  handover: number | undefined,
): Promise<ApplyProblem | undefined> {
  const id = `${sent.kind} ${sent.metadata.namespace}/${sent.metadata.name}`;
  const fight = deps.conflicts.pausedFor(id);
  if (fight !== undefined) return { kind: "fieldConflict", message: fight };
  try {
    if (live !== undefined && !mayBeOurs(sent, live)) throw nameTaken(sent);
    if (live !== undefined && handover !== undefined) await handOver(deps, sent, live, handover);
    const taken = live === undefined ? await create(deps, sent) : await update(deps, sent, live);
    if (taken.length > 0) {
      deps.log.info({ object: id, conflicts: taken }, "took fields back from another manager");
      deps.conflicts.note(id, taken);
    }
    return undefined;
  } catch (error) {
    if (error instanceof NameTaken) return { kind: "nameConflict", message: error.message };
    // What the server refuses for this object is told in the status. All else is a failed reconcile.
    if (error instanceof ApiError && error.status >= 400 && error.status < 500 && !isTransient(error)) {
      return { kind: "refused", message: error.message, error };
    }
    throw error;
  }
}

/** For an object that must exist: with its uid, an apply can't create it anew after it was deleted. */
async function update(deps: ApplierDeps, sent: Child, live: LiveObject): Promise<readonly FieldConflict[]> {
  // A terminating object can't be brought back; it is made again when it is gone.
  if (live.metadata.deletionTimestamp !== undefined) return [];
  const { uid } = live.metadata;
  const same = uid === undefined ? sent : { ...sent, metadata: { ...sent.metadata, uid } };
  return (await deps.client.apply(same, { signal: deps.signal })).taken;
}

/** For an object that should not exist yet: one that does and isn't ours is left alone. */
async function create(deps: ApplierDeps, sent: Child): Promise<readonly FieldConflict[]> {
  try {
    await deps.client.apply(sent, { signal: deps.signal, force: "never" });
    return [];
  } catch (error) {
    if (!isConflict(error)) throw error;
    const found = await deps.client.get<LiveObject>(resourceOf(sent.kind), refOf(sent), { signal: deps.signal });
    if (found !== undefined && !isOurs(sent, found)) throw nameTaken(sent, `: ${describeConflict(error)}`);
    return (await deps.client.apply(sent, { signal: deps.signal })).taken;
  }
}

/** Data may have been restored by hand, without anything of ours on it: such a kind is adopted by its name. */
function mayBeOurs(sent: Child, live: LiveObject): boolean {
  return CHILD_KINDS[sent.kind].adopted === "by name" || isOurs(sent, live);
}

/** Our labels on it, perhaps from an earlier resource of the same name; or our resource as its owner, if those were lost. */
function isOurs(sent: Child, found: LiveObject): boolean {
  const owners = new Set(sent.metadata.ownerReferences?.map(({ uid }) => uid));
  if (found.metadata.ownerReferences?.some(({ uid }) => owners.has(uid))) return true;
  const labels = found.metadata.labels ?? {};
  return (
    labels["app.kubernetes.io/managed-by"] === MANAGED_BY &&
    labels["app.kubernetes.io/instance"] === sent.metadata.labels?.["app.kubernetes.io/instance"]
  );
}

async function handOver(deps: ApplierDeps, sent: Child, live: LiveObject, replicas: number): Promise<void> {
  const { name, namespace } = sent.metadata;
  const patch = {
    apiVersion: sent.apiVersion,
    kind: sent.kind,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(live.metadata.uid === undefined ? {} : { uid: live.metadata.uid }),
    },
    spec: { replicas },
  };
  await deps.client.apply(patch, { signal: deps.signal, fieldManager: HANDOVER_MANAGER, force: "always" });
}

/** Deletes children nothing asks for; only this very version of them. */
export async function removeAll(
  deps: Pick<ApplierDeps, "client" | "signal">,
  objects: readonly LiveObject[],
): Promise<void> {
  for (const object of objects) {
    const { uid, resourceVersion } = object.metadata;
    try {
      await deps.client.delete(resourceOf(object.kind), refOf(object), {
        signal: deps.signal,
        preconditions: {
          ...(uid === undefined ? {} : { uid }),
          ...(resourceVersion === undefined ? {} : { resourceVersion }),
        },
        propagationPolicy: "Background",
      });
    } catch (error) {
      // It changed since: the next look decides again.
      if (!isConflict(error)) throw error;
    }
  }
}

function resourceOf(kind: string): Resource {
  const facts = childKind(kind);
  if (facts === undefined) throw new Error(`${kind} is no kind of child`);
  return facts.resource;
}

/** The object exists and belongs to somebody else. */
class NameTaken extends Error {
  override readonly name = "NameTaken";
}

function nameTaken({ kind, metadata }: Child, detail = ""): NameTaken {
  return new NameTaken(
    `${kind} ${metadata.name} exists and isn't ours${detail}. Remove it, or give the TaskAssistant another name.`,
  );
}

function isTransient(error: ApiError): boolean {
  return error.status === 401 || error.status === 408 || error.status === 429 || isConflict(error);
}

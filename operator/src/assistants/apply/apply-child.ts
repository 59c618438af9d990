import { CHILD_KINDS, type Child } from "../../kinds/index.ts";
import { type FieldConflict, isConflict, type KubeClient, type LiveObject, refOf } from "../../kube/index.ts";
import type { Log } from "../../runtime/index.ts";
import { MANAGED_BY } from "../desired/index.ts";
import type { LiveVolume } from "../observe/snapshot.ts";
import { type ConflictLog, describeConflict } from "./conflicts.ts";
import { type ApplyProblem, type Growth, problemOf } from "./problem.ts";
import { resourceOf } from "./resource-of.ts";

/** Field manager that passes replica counts on, so that giving up the field does not reset it. */
export const HANDOVER_MANAGER = "taskassistant-handover";

export interface ApplyDeps {
  readonly client: KubeClient;
  readonly signal: AbortSignal;
  readonly conflicts: ConflictLog;
  readonly log: Pick<Log, "debug" | "info">;
}

/** Applies one child. Returns what prevents it; rejects only when `whole`, the signal of the reconcile, aborted. */
export async function applyChild(
  deps: ApplyDeps,
  whole: AbortSignal,
  sent: Child,
  live: LiveObject | undefined,
  handover: number | undefined,
): Promise<ApplyProblem | undefined> {
  const id = `${sent.kind} ${sent.metadata.namespace}/${sent.metadata.name}`;
  const contest = deps.conflicts.contestOver(id);
  if (contest !== undefined) return { kind: "contested", contest };
  try {
    if (live !== undefined && !mayBeOurs(sent, live)) throw new NameTaken(sent);
    if (live !== undefined && handover !== undefined) await handOver(deps, sent, live, handover);
    const taken = live === undefined ? await create(deps, sent) : await update(deps, sent, live);
    if (taken.length > 0) {
      deps.log.info({ object: id, conflicts: taken }, "took fields back from another manager");
      deps.conflicts.note(id, taken);
    }
    return undefined;
  } catch (error) {
    if (error instanceof NameTaken) return error.problem;
    const problem = problemOf(error, `${sent.kind} ${sent.metadata.name}`, whole);
    const growth = problem.kind === "refused" ? growthOf(sent, live) : undefined;
    return growth === undefined || problem.kind !== "refused"
      ? problem
      : { kind: "notGrown", message: problem.message, ...growth };
  }
}

/** What an apply would have made of the size of a volume claim; undefined if it would have kept it. */
function growthOf(sent: Child, live: LiveObject | undefined): Growth | undefined {
  if (sent.kind !== "PersistentVolumeClaim" || live === undefined) return undefined;
  const { spec } = live as LiveVolume;
  const size = spec?.resources?.requests?.storage;
  const wanted = sent.spec?.resources?.requests?.storage;
  if (size === undefined || wanted === undefined || size === wanted) return undefined;
  return { claim: sent.metadata.name, storageClass: spec?.storageClassName, size, wanted };
}

/** For an object that must exist. With its uid, an apply can't create it again after it was deleted. */
async function update(deps: ApplyDeps, sent: Child, live: LiveObject): Promise<readonly FieldConflict[]> {
  // A terminating object can't be brought back; it is created again once it is gone.
  if (live.metadata.deletionTimestamp !== undefined) return [];
  const { uid } = live.metadata;
  const same = uid === undefined ? sent : { ...sent, metadata: { ...sent.metadata, uid } };
  return (await deps.client.apply(same, { signal: deps.signal })).taken;
}

/** For an object that should not exist yet. One that exists and is not ours is left alone. */
async function create(deps: ApplyDeps, sent: Child): Promise<readonly FieldConflict[]> {
  try {
    await deps.client.apply(sent, { signal: deps.signal, force: "never" });
    return [];
  } catch (error) {
    if (!isConflict(error)) throw error;
    const found = await deps.client.get<LiveObject>(resourceOf(sent.kind), refOf(sent), { signal: deps.signal });
    if (found !== undefined && !isOurs(sent, found)) throw new NameTaken(sent, describeConflict(error));
    return (await deps.client.apply(sent, { signal: deps.signal })).taken;
  }
}

/** A kind that holds data is adopted by name, because an object restored by hand may have neither our labels nor our owner. */
function mayBeOurs(sent: Child, live: LiveObject): boolean {
  return CHILD_KINDS[sent.kind].adopted === "by name" || isOurs(sent, live);
}

/** An object is ours if the resource owns it, or if it has our labels, perhaps from an earlier resource of the same name. */
function isOurs(sent: Child, found: LiveObject): boolean {
  const owners = new Set(sent.metadata.ownerReferences?.map(({ uid }) => uid));
  if (found.metadata.ownerReferences?.some(({ uid }) => owners.has(uid))) return true;
  const labels = found.metadata.labels ?? {};
  return (
    labels["app.kubernetes.io/managed-by"] === MANAGED_BY &&
    labels["app.kubernetes.io/instance"] === sent.metadata.labels?.["app.kubernetes.io/instance"]
  );
}

async function handOver(deps: ApplyDeps, sent: Child, live: LiveObject, replicas: number): Promise<void> {
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

/** An object of this name exists and is not ours. */
class NameTaken extends Error {
  override readonly name = "NameTaken";
  readonly problem: ApplyProblem;

  constructor({ kind, metadata }: Child, conflict?: string) {
    super("the name is taken");
    const object = `${kind} ${metadata.name}`;
    this.problem = { kind: "nameTaken", object, ...(conflict === undefined ? {} : { conflict }) };
  }
}

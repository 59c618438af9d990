import { type Child, difference } from "../../kinds/index.ts";
import { type LiveObject, linkedAbort } from "../../kube/index.ts";
import { childId, type Snapshot } from "../observe/snapshot.ts";
import type { Plan } from "../plan/plan.ts";
import type { PlannedApply } from "../plan/replicas.ts";
import { type ApplyDeps, applyChild } from "./apply-child.ts";
import { createBackup } from "./create-backup.ts";
import { createSecret } from "./create-secret.ts";
import { type ApplyProblem, attempted } from "./problem.ts";
import { relabel } from "./relabel.ts";
import { removeAll } from "./remove.ts";

/** Milliseconds for all writes of a plan. What is left of the reconcile's deadline is for the report. */
const LIMIT_MS = 40_000;

/** Carries out a plan: Secrets first, because everything else refers to them. Returns what could not be done and why. */
export async function apply(deps: ApplyDeps, snapshot: Snapshot, plan: Plan): Promise<ApplyProblem[]> {
  const limit = linkedAbort(deps.signal, LIMIT_MS);
  const limited = { ...deps, signal: limit.signal };
  try {
    const problems: ApplyProblem[] = [];
    for (const secret of plan.createSecrets) {
      const create = () => createSecret(limited, snapshot, secret);
      problems.push(...(await attempted(`Secret ${secret.name}`, deps.signal, create)));
    }
    for (const planned of plan.relabel) {
      const { kind, metadata } = planned.object;
      problems.push(...(await attempted(`${kind} ${metadata.name}`, deps.signal, () => relabel(limited, planned))));
    }
    const { createBackup: backup } = plan;
    if (backup !== undefined) {
      const create = () => createBackup(limited, backup);
      problems.push(...(await attempted(`TaskAssistantBackup ${backup.metadata.name}`, deps.signal, create)));
    }
    problems.push(...(await applyAll(limited, deps.signal, snapshot, plan.apply)));
    return [...problems, ...(await removeAll(limited, deps.signal, plan.remove))];
  } finally {
    limit.release();
  }
}

/** Children that are applied at a time. */
const PARALLEL = 8;

/** Applies what differs, in order. One child that can't be written does not hold the others back. */
async function applyAll(
  deps: ApplyDeps,
  whole: AbortSignal,
  { children }: Snapshot,
  planned: readonly PlannedApply[],
): Promise<ApplyProblem[]> {
  const problems: ApplyProblem[] = [];
  const pending = planned
    .map(({ child, handover }) => ({ child, handover, live: children.get(childId(child.kind, child.metadata.name)) }))
    .filter(({ child, live }) => mustApply(deps.log, child, live));
  for (let start = 0; start < pending.length; start += PARALLEL) {
    const batch = pending.slice(start, start + PARALLEL);
    const results = await Promise.all(
      batch.map(({ child, live, handover }) => applyChild(deps, whole, child, live, handover)),
    );
    problems.push(...results.filter((problem) => problem !== undefined));
  }
  return problems;
}

/** Logs the field that makes an apply necessary, so that a reader can learn why an object is applied again and again. */
function mustApply(log: ApplyDeps["log"], child: Child, live: LiveObject | undefined): boolean {
  if (live === undefined) return true;
  const path = difference(child, live);
  if (path === undefined) return false;
  log.debug({ path }, `${child.kind} ${child.metadata.name} differs at ${path}`);
  return true;
}

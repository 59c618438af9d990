import { type Child, difference } from "../../kinds/index.ts";
import type { LiveObject } from "../../kube/index.ts";
import { childId, type Snapshot } from "../observe/snapshot.ts";
import type { Plan } from "../plan/plan.ts";
import type { PlannedApply } from "../plan/replicas.ts";
import { type ApplyDeps, applyChild } from "./apply-child.ts";
import { createSecret } from "./create-secret.ts";
import type { ApplyProblem } from "./problem.ts";
import { removeAll } from "./remove.ts";

/** Carries out a plan: Secrets first, because everything else refers to them. Returns what could not be applied and why. */
export async function apply(deps: ApplyDeps, snapshot: Snapshot, plan: Plan): Promise<ApplyProblem[]> {
  for (const secret of plan.createSecrets) await createSecret(deps, snapshot, secret);
  const problems = await applyAll(deps, snapshot, plan.apply);
  await removeAll(deps, plan.remove);
  return problems;
}

/** Children that are applied at a time. */
const PARALLEL = 8;

/** Applies what differs, in order. A refusal of one child does not hold the others back. */
async function applyAll(
  deps: ApplyDeps,
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
      batch.map(({ child, live, handover }) => applyChild(deps, child, live, handover)),
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

import type { ApplyProblem } from "../../apply/problem.ts";
import type { Snapshot } from "../../observe/snapshot.ts";
import type { Plan } from "../../plan/plan.ts";
import { type ServerStates, serverStates } from "./servers/server-state.ts";

/** Everything the findings follow from, but for the probe. */
export interface Facts {
  readonly snapshot: Snapshot;
  readonly plan: Plan;
  /** What could not be applied. */
  readonly problems: readonly ApplyProblem[];
  readonly servers: ServerStates;
}

/** Gathers the facts of one reconcile. */
export function factsOf(snapshot: Snapshot, plan: Plan, problems: readonly ApplyProblem[]): Facts {
  return { snapshot, plan, problems, servers: serverStates(snapshot, plan) };
}
